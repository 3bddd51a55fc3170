"""首发 and 转载 of an item and a document, and what an edited reprint changed, within what the reader may see."""

from __future__ import annotations

from typing import Any

import pytest
from record_world import collect
from sqlalchemy import Engine, event, select
from web_world import RULES, World, user_id

from dossier import lineage
from dossier.intake import Intake
from storage.tables import Attribution, Document, Event, Evidence, Passage, Recusal

WAITING = "街道在三个工作日内答复居民，办理结果在小区公示栏张贴。"
MONEY = "改造资金、工期和施工单位一并公开，接受居民监督。"
FIRST = (
    "10月6日，青棠区推行楼栋议事长工作法，目前已在四十一个小区运行。每个楼栋推选一名议事长，每周收集居民意见。"
    f"{WAITING}{MONEY}区里按月汇总各街道办理情况，对久拖不决的事项由区领导牵头协调，今年以来共办结六百余件。"
)
EDITED = FIRST.replace("四十一个小区", "四十三个小区").replace(MONEY, "") + "下一步将在全区推广<试行>。"


@pytest.fixture
def printed(world: World) -> World:
    """The world with a first print, one reprinted word for word and one edited."""
    database = world.system.database
    for key, source, published, text in (
        ("议事长在青棠", "ribao", "2025-10-07 08:00", FIRST),
        ("议事长在青棠（综合）", "jbrb", "2025-10-07 18:00", EDITED),
        ("议事长在青棠（转载）", "wanglan", "2025-10-08 09:00", FIRST),
    ):
        collect(database, source, key, published, text, name=key)
    Intake(database, RULES, "fixed").run()
    with database.read() as session:
        for key, title in (("议", "议事长在青棠"), ("改", "议事长在青棠（综合）"), ("转", "议事长在青棠（转载）")):
            world.documents[key] = session.scalars(select(Document.id).where(Document.title == title)).one()
        of_first = select(Evidence.id).join(Passage, Evidence.passage_id == Passage.id)
        world.items["议"] = session.scalars(of_first.where(Passage.document_id == world.documents["议"])).one()
    return world


def rows(world: World, login: str = "off1", document: str = "改") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        world.client(login).get(f"/api/documents/{world.documents[document]}").json()["lineage"]
    )
    return found


def test_first_print_then_reprints_with_what_an_edited_one_changed(printed: World) -> None:
    found = rows(printed)
    assert [(p["relation"], p["relation_name"], p["document_id"], p["here"]) for p in found] == [
        ("first", "首发", printed.documents["议"], False),
        ("exact", "转载", printed.documents["转"], False),
        ("edited", "改写转载", printed.documents["改"], True),
    ]
    assert [p["source"] for p in found] == ["澜宁日报", "望澜融媒", "江北日报"]
    assert found[0]["published"] == "2025-10-07 08:00"
    assert [(p["changes"], p["note"]) for p in found[:2]] == [([], ""), ([], lineage.SAME_WORDS)]
    said = [(c["kind"], c["before"], c["after"]) for c in found[2]["changes"]]
    assert [kind for kind, _, _ in said] == ["changed", "removed", "added"]
    assert "四十一个小区" in said[0][1]
    assert "四十三个小区" in said[0][2]
    assert said[1][1] == MONEY
    assert said[2][2] == "下一步将在全区推广<试行>。"


def test_item_and_document_show_the_same_and_mark_it_in_words_and_elements(printed: World) -> None:
    client = printed.client("off1")
    item = client.get(f"/api/evidence/{printed.items['议']}").json()
    assert [p["changes"] for p in item["lineage"]] == [p["changes"] for p in rows(printed)]
    assert [p["here"] for p in item["lineage"]] == [True, False, False]
    for path in (f"/items/{printed.items['议']}", f"/documents/{printed.documents['改']}"):
        page = client.get(path).text
        assert "与首发相比改动 3 处" in page
        assert f'<span class="kind">删去</span><del>{MONEY}</del>' in page
        assert '<span class="kind">增加</span><ins>下一步将在全区推广&lt;试行&gt;。</ins>' in page
        assert '<span class="kind">原句</span><del>10月6日' in page
    queue = client.get("/queue", params={"id": printed.items["议"]}).text
    assert "与首发相比" not in queue


def test_a_figure_changed_in_a_reprint_that_counts_as_exact_is_shown_too(printed: World) -> None:
    text = FIRST.replace("四十一个", "四十二个")
    collect(printed.system.database, "tongbao", "议事长在青棠", "2025-10-09 09:00", text)
    Intake(printed.system.database, RULES, "fixed").run()
    [late] = [p for p in rows(printed) if p["published"] == "2025-10-09 09:00"]
    assert late["relation"] == "exact"
    assert [(c["kind"], "四十二个" in c["after"]) for c in late["changes"]] == [("changed", True)]


def test_alone_means_no_list(world: World) -> None:
    assert rows(world, document="award") == []
    assert "没有发现其他刊载。" in world.client("off1").get(f"/documents/{world.documents['award']}").text


def test_nothing_is_compared_with_what_is_closed(printed: World) -> None:
    """A first print with a passage about somebody recused is listed, but its words are not."""
    database = printed.system.database
    secret = "同日，市教育局推行课后服务监管机制。"
    with database.write() as session:
        first = session.get_one(Document, printed.documents["议"])
        start = len(first.text) + 1
        first.text += "\n" + secret
        session.add(
            Passage(
                document_id=first.id, ordinal=9, start=start, end=start + len(secret), text=secret, label="practice"
            )
        )
    assert secret in str(rows(printed)[2]["changes"])
    with database.write() as session:
        session.add(Recusal(user_id=user_id(printed, "off1"), cadre_id="P001"))
        of_secret = session.scalars(select(Passage.id).where(Passage.text == secret)).one()
        session.add(Attribution(passage_id=of_secret, kind="cadre", cadre_id="P001"))
    found = rows(printed)
    assert [p["relation"] for p in found] == ["first", "exact", "edited"]
    assert (found[2]["changes"], found[2]["note"]) == ([], lineage.CLOSED)
    for path in (f"/items/{printed.items['议']}", f"/documents/{printed.documents['改']}"):
        page = printed.client("off1").get(path).text
        assert lineage.CLOSED in page
        assert secret not in page


def test_restricted_matter_hides_title_and_words_of_another_print(printed: World) -> None:
    with printed.system.database.write() as session:
        first = session.get_one(Document, printed.documents["议"])
        first.text, first.title = first.text + "\n一名成员住院。", "议事长在青棠，一名成员住院"
        session.add(
            Passage(
                document_id=first.id,
                ordinal=9,
                start=0,
                end=0,
                text="一名成员住院。",
                label="major_matter",
                restricted=True,
            )
        )
    found = rows(printed)
    assert found[0]["title"] == lineage.HELD_TITLE
    assert (found[2]["changes"], found[2]["note"]) == ([], lineage.CLOSED)
    assert "住院" not in printed.client("off1").get(f"/documents/{printed.documents['改']}").text
    assert rows(printed, "head")[2]["changes"] == []


def test_a_restricted_event_has_no_lineage_for_officers(printed: World) -> None:
    with printed.system.database.write() as session:
        session.get_one(Evidence, printed.items["议"]).restricted = True
    client = printed.client("off1")
    for key in ("议", "改", "转"):
        page = client.get(f"/documents/{printed.documents[key]}").text
        assert "四十" not in page
        assert "与首发相比" not in page
    assert client.get(f"/items/{printed.items['议']}").status_code == 404


def test_long_texts_and_many_prints_are_not_compared_at_once(printed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "COMPARED_PRINTS", 0)
    assert rows(printed)[2]["note"] == lineage.MANY
    monkeypatch.setattr(lineage, "COMPARED_LENGTH", len(FIRST) - 1)
    assert (rows(printed)[2]["changes"], rows(printed)[2]["note"]) == ([], lineage.LONG)


def test_a_difference_beyond_what_is_compared_is_not_called_none(printed: World) -> None:
    with printed.system.database.write() as session:
        session.get_one(Document, printed.documents["议"]).text = "好的。" * 5000
        session.get_one(Document, printed.documents["改"]).text = "好的。" * 5000 + "末句不同。"
    found = rows(printed)[2]
    assert (found["changes"], found["note"]) == ([], lineage.LONG)


def test_words_taken_out_stay_readable(printed: World) -> None:
    """No line through the words: it would hide the character 一, and 四十一 would read as 四十."""
    style = printed.client().get("/static/shiji.css").text
    assert ".changes del { text-decoration: none;" in style


def test_a_reprint_that_shares_no_event_is_still_a_reprint(printed: World) -> None:
    with printed.system.database.write() as session:
        for passage in session.scalars(select(Passage).where(Passage.document_id == printed.documents["改"])):
            alone = Event()
            session.add(alone)
            session.flush()
            passage.event_id, passage.relation = alone.id, "first"
    found = rows(printed)
    assert [p["relation"] for p in found] == ["first", "exact", "edited"]
    assert len(found[2]["changes"]) == 3
    item = printed.client("off1").get(f"/api/evidence/{printed.items['议']}").json()
    assert [p["relation"] for p in item["lineage"]] == ["first", "exact"]


def test_a_new_version_at_the_same_address_is_called_so(printed: World) -> None:
    with printed.system.database.write() as session:
        first = session.get_one(Document, printed.documents["议"])
        session.get_one(Document, printed.documents["改"]).url = first.url
    assert rows(printed)[2]["relation_name"] == lineage.UPDATED


def test_the_number_of_queries_does_not_grow_with_the_prints(printed: World) -> None:
    few = _queries(printed)
    for number in range(6):
        text = FIRST.replace("四十一", f"四十{number}")
        collect(printed.system.database, "jbrb", f"又一稿{number}", f"2025-10-09 0{number}:00", text, name=str(number))
    Intake(printed.system.database, RULES, "fixed").run()
    assert len(rows(printed)) == 9
    assert _queries(printed) == few


def _queries(world: World) -> int:
    counted: list[str] = []

    def count(*given: Any) -> None:
        counted.append(given[2])

    client = world.client("off1")
    event.listen(Engine, "before_cursor_execute", count)
    try:
        client.get(f"/api/documents/{world.documents['改']}")
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(counted)
