"""Draft, edit, check, sign, issue: who may, what may be said, what stays closed, who gets what, what is recalled."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as open_word
from hypothesis import given, settings
from hypothesis import strategies as st
from product_world import acting, fill, ids, issued, made, stored
from sqlalchemy import select

from dossier import terms, verify
from dossier.products import editing, exports, issue, life, recall, store
from dossier.products.content import LEADER, NOTE, Part, ProductContent, Sentence, Table
from dossier.products.issue import Recipient
from dossier.products.redact import Names, narrower, profile_of, redact
from dossier.products.store import DRAFT, ISSUED, SIGNING
from dossier.scope import viewer_of
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Evidence, Product, ProductExport, ProductStep, Recusal, User


@pytest.fixture
def database(copy_of: Callable[..., Database]) -> Database:
    return copy_of(fill)


@pytest.fixture
def items(database: Database) -> dict[str, int]:
    return dict(ids)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "kept")


def draft(database: Database, items: dict[str, int], kind: str = "weekly") -> int:
    with acting(database, "off1") as (session, who):
        return life.open_draft(session, who, made(session, kind, items)).id


def code(database: Database, item: int) -> str:
    with database.read() as session:
        return session.get_one(Evidence, item).code


def text_of(data: bytes) -> str:
    word = open_word(io.BytesIO(data))
    cells = [c.text for t in word.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in word.paragraphs), *cells])


def at(content: ProductContent, words: str) -> tuple[int, int]:
    return next(
        (i, j) for i, p in enumerate(content.parts) for j, s in enumerate(p.sentences) if words in s.text
    )  # fmt: skip


def test_three_people_and_nobody_twice(database: Database, archive: Archive, items: dict[str, int]) -> None:
    number = draft(database, items)
    with acting(database, "kh") as (session, who), pytest.raises(ShijiError, match="PRODUCT-UNKNOWN"):
        life.submit(session, who, number)
    with acting(database, "off1") as (session, who):
        life.submit(session, who, number)
    with acting(database, "off1") as (session, who), pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        life.check_product(session, archive, who, number, True)
    with acting(database, "head1") as (session, who):
        assert life.check_product(session, archive, who, number, True).state == SIGNING
    with acting(database, "head1") as (session, who), pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        life.sign_product(session, archive, who, number, True)
    with acting(database, "dep") as (session, who):
        product = life.sign_product(session, archive, who, number, True)
        assert (product.state, product.number_text, product.year) == (ISSUED, "第1期", 2025)
        steps = [s.step for s in session.scalars(select(ProductStep).order_by(ProductStep.id))]
    assert steps == ["起草", "送审", "审核", "签发"]


def test_head_cannot_check_own_draft_and_a_return_needs_words(
    database: Database, archive: Archive, items: dict[str, int]
) -> None:
    with acting(database, "head1") as (session, who):
        content = made(session, "weekly", items, "head1")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            life.open_draft(session, who, content)
    with acting(database, "head1") as (session, who):
        brief = ProductContent("talk_outline", "谈话提纲", "2025-10-16", teams=("D09",), cadres=("P020",))
        number = life.open_draft(session, who, brief).id
        life.submit(session, who, number)
        with pytest.raises(ShijiError, match="PRODUCT-SAME"):
            life.check_product(session, archive, who, number, True)
    other = draft(database, items)
    with acting(database, "off1") as (session, who):
        life.submit(session, who, other)
    with acting(database, "head1") as (session, who):
        with pytest.raises(ShijiError, match="PRODUCT-REASON"):
            life.check_product(session, archive, who, other, False, " ")
        assert life.check_product(session, archive, who, other, False, "请删去第二条").state == DRAFT


def test_an_edited_sentence_rests_on_something_or_says_that_it_does_not(
    database: Database, items: dict[str, int]
) -> None:
    number, award = draft(database, items), code(database, items["award"])
    fault, doubt = code(database, items["fault"]), code(database, items["doubt"])
    with acting(database, "off1") as (session, who):
        content = store.read_content(stored(session, number))
        place = at(content, "创新区")

        def written(text: str, codes: list[str], marked: bool = False, add: bool = False) -> ProductContent:
            return editing.write_sentence(session, who, content, place, text, codes, marked, add)

        changed = written("望澜区营商环境创新获省里认可", [award])
        sentence = changed.parts[place[0]].sentences[place[1]]
        assert (sentence.text, sentence.citations) == ("望澜区营商环境创新获省里认可。", (award,))
        assert (
            not editing.write_sentence(session, who, content, place, "没有依据的话", [], True)
            .parts[place[0]]
            .sentences[place[1]]
            .citations
        )
        bare = written("没有依据的话", [])
        product = life.edit(session, who, number, None, lambda _: bare)
        assert product.version == 2
        with pytest.raises(ShijiError, match="PRODUCT-UNCITED"):
            life.submit(session, who, number)
        life.edit(session, who, number, 2, lambda _: written("没有依据的话", [], True))
        assert life.submit(session, who, number).state == "待审核"
        with pytest.raises(ShijiError, match="PRODUCT-STATED"):
            written("石岭县有矿山夜间偷采。", [doubt])
        assert written("石岭县矿山夜间作业的反映是否属实？", [doubt]).parts[place[0]].sentences[place[1]].unsettled
        assert written("复工把关不严", [fault], add=True).parts[place[0]].sentences[place[1]].source.endswith("未登记")
        for unknown in ("E-19990101-000001", code(database, items["other"]), code(database, items["illness"])):
            with pytest.raises(ShijiError, match="PRODUCT-CITATION"):
                written("借用别处的编号。", [unknown])


def test_changed_form_words_are_no_longer_form_words(database: Database, items: dict[str, int]) -> None:
    """A count made by the product cannot be typed over: 其中自采自发 stays what was counted."""
    with acting(database, "off1") as (session, who):
        content = made(session, "weekly", items)
        place = at(content, "本周收集信息")
        forged = content.parts[place[0]].sentences[place[1]].text.replace("占25%", "占5%")
        changed = editing.write_sentence(session, who, content, place, forged, [])
        number = life.open_draft(session, who, content).id
        life.edit(session, who, number, None, lambda _: changed)
        with pytest.raises(ShijiError, match="PRODUCT-UNCITED"):
            life.submit(session, who, number)


MOVES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_moving_sentences_loses_and_doubles_nothing(moves: list[tuple[int, int, int, int]]) -> None:
    parts = tuple(Part(1, f"{n}、", tuple(Sentence(f"{n}{m}。", (f"E{n}{m}",)) for m in range(3))) for n in range(4))
    content = ProductContent("weekly", "周报", "2025-10-16", parts=parts)
    everything = sorted(s.text for _, s in content.sentences)
    for part, place, to, where in moves:
        if place < len(content.parts[part].sentences):
            content = editing.move_sentence(content, (part, place), (to, where))
    assert sorted(s.text for _, s in content.sentences) == everything


def test_an_edit_of_what_changed_meanwhile_is_refused(database: Database, items: dict[str, int]) -> None:
    number = draft(database, items)
    with acting(database, "off1") as (session, who):
        life.edit(session, who, number, 1, lambda c: editing.rename(c, "一周情况"))
        with pytest.raises(ShijiError, match="PRODUCT-CHANGED"):
            life.edit(session, who, number, 1, lambda c: editing.rename(c, "另一标题"))


def test_issued_is_closed_and_a_changed_row_is_noticed(
    database: Database, tmp_path: Path, items: dict[str, int]
) -> None:
    number = issued(database, tmp_path / "kept", items)
    with acting(database, "off1") as (session, who):
        with pytest.raises(ShijiError, match="PRODUCT-STATE"):
            life.edit(session, who, number, None, lambda c: editing.rename(c, "改"))
        with pytest.raises(ShijiError, match="PRODUCT-STATE"):
            issue.set_recipients(session, who, number, [])
        product = stored(session, number)
        product.content = {**product.content, "title": "动过手脚"}
    with acting(database, "off1") as (session, who), pytest.raises(ShijiError, match="PRODUCT-DAMAGED"):
        store.read_content(stored(session, number))


def test_numbers_run_by_section_and_year(database: Database, tmp_path: Path, items: dict[str, int]) -> None:
    first = issued(database, tmp_path / "kept", items, "daily")
    second = issued(database, tmp_path / "kept", items, "daily")
    with database.read() as session:
        assert [stored(session, n).number_text for n in (first, second)] == ["第1期", "第2期"]
    with acting(database, "kh") as (session, who):
        content = ProductContent("circular", "考核情况通报", "2025-10-16", teams=("D01",))
        number = life.open_draft(session, who, content).id
        life.submit(session, who, number)
    archive = Archive(tmp_path / "kept")
    with database.write() as session:  # a head over all zones
        head = viewer_of(session, session.scalars(select(User).where(User.login == "head1")).one())
        life.check_product(session, archive, head, number, True)
    with acting(database, "dep") as (session, who):
        assert life.sign_product(session, archive, who, number, True).number_text == "澜组考〔2025〕1号"


def test_each_print_is_counted_said_and_logged(database: Database, tmp_path: Path, items: dict[str, int]) -> None:
    archive = Archive(tmp_path / "kept")
    number = issued(database, tmp_path / "kept", items, recipients=(Recipient("分管副部长", "DEP"),))
    with acting(database, "off1") as (session, who):
        first = exports.export_copy(session, archive, who, number, 1)
        again = exports.export_copy(session, archive, who, number, 1)
        assert first.data == archive.get(stored(session, number).copies[0].docx_sha256)
        assert (first.nth, again.nth) == (1, 2)
        heads = [open_word(io.BytesIO(x.data)).sections[0].header.paragraphs[0].text for x in (first, again)]
        assert "打印" not in heads[0]
        assert heads[1].endswith("份号000001　第2次打印")
        assert text_of(first.data) == text_of(again.data)
        log = session.scalars(select(ProductExport).order_by(ProductExport.id)).all()
        assert [(e.nth, e.sha256) for e in log] == [
            (n + 1, hashlib.sha256(x.data).hexdigest()) for n, x in enumerate((first, again))
        ]
        assert exports.export_copy(session, archive, who, number, 2).nth == 1


def test_a_reader_never_gets_more_than_the_own_profile(
    database: Database, tmp_path: Path, items: dict[str, int]
) -> None:
    archive = Archive(tmp_path / "kept")
    with acting(database, "off1") as (session, who):
        content = made(session, "weekly", items)
        note = Sentence(
            "内部备注：燕归鸿一事另行核实？", (code(database, items["doubt"]),), tags=(NOTE,), unsettled=True
        )
        noted = Part(1, "备注", (note,))
        product = life.open_draft(session, who, ProductContent(**{**vars(content), "parts": (*content.parts, noted)}))
        life.submit(session, who, product.id)
    with acting(database, "head1") as (session, who):
        life.check_product(session, archive, who, product.id, True)
    with acting(database, "dep") as (session, who):
        life.sign_product(session, archive, who, product.id, True)
        narrow = exports.export_copy(session, archive, who, product.id, 1)
        assert narrow.profile == "P1"
        assert "内部备注" not in text_of(narrow.data)
    with acting(database, "off1") as (session, who):
        assert "内部备注" in text_of(exports.export_copy(session, archive, who, product.id, 1).data)


def test_a_unit_gets_its_own_copy_without_origin_or_others(
    database: Database, tmp_path: Path, items: dict[str, int]
) -> None:
    archive = Archive(tmp_path / "kept")
    with acting(database, "kh") as (session, who):
        weekly = made(session, "weekly", items, "kh")
        content = ProductContent(**{**vars(weekly), "kind": "circular", "title": "考核情况通报", "tables": (
            Table("问题清单", ("班子", "条数"), (("望澜区", "1"), ("石岭县", "2")), (100, 56), 1, basis="口径",
                  row_teams=("D01", "D09")),
        )})  # fmt: skip
        number = life.open_draft(session, who, content).id
        issue.set_recipients(session, who, number, [Recipient("石岭县", "UNIT", "D09")])
        life.submit(session, who, number)
        product = stored(session, number)
        product.zones = ["Z2"]
    with acting(database, "head1") as (session, who):
        life.check_product(session, archive, who, number, True)
    with acting(database, "dep") as (session, who):
        life.sign_product(session, archive, who, number, True)
    with acting(database, "unit") as (session, who):
        assert [(p.id, c.number) for p, c in exports.received(session, who)] == [(number, 2)]
        text = text_of(exports.export_copy(session, archive, who, number, 2).data)
        with pytest.raises(ShijiError, match="PRODUCT-UNKNOWN"):
            exports.export_copy(session, archive, who, number, 1)
    assert "把关不严" in text
    for gone in ("望澜", "江北日报", "课后服务", "独立信源1"):
        assert gone not in text


NAMES = Names(
    ("燕归鸿", "苗知远"), frozenset({"苗知远"}), ("苏禾",), {"D09": ("石岭县", "石岭县"), "D01": ("望澜区", "望澜区")}
)


def test_profiles_leave_out_what_the_guide_says() -> None:
    from dossier.products.content import AnnexRow

    rows = (AnnexRow("E-1", "甲", "江北日报", "2025-09-09", "已核实", evidence_id=1, team_id="D09"),
            AnnexRow("E-2", "乙", "江北日报", "2025-09-09", "已核实", evidence_id=2, team_id="D01"))  # fmt: skip
    said = (
        Sentence("燕归鸿、苗知远到场，苏禾经办，群众张某反映。", ("E-1",), source="来源：江北日报", team_id="D09"),
        Sentence("燕归鸿到场？", ("E-1",), team_id="D09", unsettled=True),
        Sentence("望澜区的事。", ("E-2",), team_id="D01"),
        Sentence("市领导批示。", ("E-1",), tags=(LEADER,), team_id="D09"),
        Sentence("备注。", ("E-1",), tags=(NOTE,)),
    )
    persons = Table(
        "人数", ("班子", "人数"), (("石岭县", "2"), ("望澜区", "3")), (100, 56), 1, basis="口径", counts_persons=True
    )
    content = ProductContent(
        "circular", "通报", "2025-10-16", parts=(Part(1, "一、情况", said),), annex=rows, tables=(persons,)
    )
    shown = {p: redact(content, p, NAMES, "D09") for p in ("P0", "P1", "P2", "P3", "P4")}
    words = {p: [s.text for _, s in c.sentences] for p, c in shown.items()}
    assert "张某" not in words["P0"][0]
    assert "燕归鸿" in words["P0"][1]
    assert words["P1"][1] == "（有关同志）到场？"
    assert "备注。" not in words["P1"]
    assert words["P2"][0].startswith("（有关同志）、苗知远到场，（工作人员）经办")
    assert not any("望澜区" in w or "批示" in w for w in words["P2"])
    assert all(s.source == "" for _, s in shown["P2"].sentences)
    assert [r.code for r in shown["P2"].annex] == ["E-1"]
    assert shown["P2"].annex[0].source == ""
    assert all(s.citations == () for _, s in shown["P3"].sentences)
    assert shown["P3"].annex == ()
    assert words["P4"] == []
    assert shown["P4"].tables[0].rows == (("石岭县", "＜3"), ("望澜区", "3"))


@given(one=st.sampled_from(["OFF", "DEP", "UNIT", "READ", "SYS", ""]), widest=st.sampled_from(["P0", "P1", "P2", "P3"]))
def test_profile_is_never_wider_than_kind_or_role(one: str, widest: str) -> None:
    found = profile_of(one, widest)
    assert found >= widest
    assert found >= profile_of(one)
    assert narrower(found, widest) == found


def test_recusal_and_zone_close_a_product(database: Database, tmp_path: Path, items: dict[str, int]) -> None:
    number = issued(database, tmp_path / "kept", items)
    with acting(database, "off3") as (session, who), pytest.raises(ShijiError, match="PRODUCT-UNKNOWN"):
        store.get_product(session, who, number)
    with database.write() as session:
        user = session.scalars(select(User).where(User.login == "off1b")).one()
        session.add(Recusal(user_id=user.id, cadre_id="P002"))
    with acting(database, "off1b") as (session, who):
        assert store.list_products(session, who) == []
        with pytest.raises(ShijiError, match="RIGHTS-RECUSAL"):
            store.get_product(session, who, number)
    with acting(database, "sys") as (session, who):
        assert store.list_products(session, who) == []


def test_recall_names_every_holder_and_stops_the_paper(
    database: Database, tmp_path: Path, items: dict[str, int]
) -> None:
    archive = Archive(tmp_path / "kept")
    number = issued(
        database, tmp_path / "kept", items, recipients=(Recipient("分管副部长", "DEP"), Recipient("干部一处", "OFF"))
    )
    with acting(database, "off1") as (session, who):
        assert recall.recalls(session, who) == []
    with acting(database, "head1") as (session, who):
        verify.withdraw(session, who, items["award"], terms.WITHDRAWN, "评审结果撤销")
    for login in ("off1", "head1", "dep"):
        with acting(database, login) as (session, who):
            (fallen,) = recall.recalls(session, who)
            assert (fallen.code, fallen.printed, fallen.state) == (code(database, items["award"]), "已核实", "已撤回")
            assert [c.recipient for c in fallen.copies] == ["存档", "分管副部长", "干部一处"]
    with acting(database, "off1") as (session, who):
        with pytest.raises(ShijiError, match="PRODUCT-STALE"):
            exports.export_copy(session, archive, who, number, 1)
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            recall.handle(session, who, number, items["award"], "收回原件", "已收回")
    with acting(database, "head1") as (session, who):
        with pytest.raises(ShijiError, match="RECALL-NOTE"):
            recall.handle(session, who, number, items["award"], "收回原件", " ")
        recall.handle(session, who, number, items["award"], "不影响文稿结论", "该句仅作背景")
        assert recall.recalls(session, who) == []
        assert exports.export_copy(session, archive, who, number, 1).nth == 1
        assert stored(session, number).content["title"] == "舆论信息动态周报"


def test_what_falls_before_the_signature_stops_the_issue(
    database: Database, archive: Archive, items: dict[str, int]
) -> None:
    number = draft(database, items)
    with acting(database, "off1") as (session, who):
        life.submit(session, who, number)
    with acting(database, "head1") as (session, who):
        life.check_product(session, archive, who, number, True)
        verify.withdraw(session, who, items["award"], terms.CORRECTED, "数字有误")
    with acting(database, "dep") as (session, who), pytest.raises(ShijiError, match="PRODUCT-STALE"):
        life.sign_product(session, archive, who, number, True)
    with database.read() as session:
        assert session.scalars(select(Product)).one().state == SIGNING
