"""The briefing note: right person, questions for what is open, nothing without a source, nothing of what fell."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from brief_world import Item, put
from docx import Document as open_word
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_world import found, viewer

from dossier import brief_words, terms
from dossier.brief import TALK_KINDS, TEAM_ITEMS, TalkPlan, compose
from dossier.brief_content import BriefContent, Figures, IndicatorLine, Part, Sentence, TaskLine, check, from_dict
from dossier.brief_docx import brief_docx
from dossier.brief_matter import one_year_before
from dossier.brief_store import get_brief, issue, list_briefs, word_file
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Evidence, Recusal

TODAY = date(2025, 10, 16)
PLAN = TalkPlan("考核反馈", "阎澄舟", date(2025, 10, 20))
LINE = IndicatorLine(
    7, "D09", "石岭县", "粮食总产量", "2024", 2, "核定", "41.2", "万吨", "增长3.1%", "市统计局", "a.xlsx"
)
DONE_TASK = TaskLine(5, "D09", "石岭县", 1, "矿山整治", "2025年三季度", "按期", "按期")
OPEN_TASK = TaskLine(6, "D09", "石岭县", 2, "粮仓改造", "2025年三季度", "", "已报待核（自报按期）")


@pytest.fixture
def record(copy_of: Callable[..., Database]) -> Database:
    return copy_of(found)


def add(record: Database, *items: Item) -> list[str]:
    with record.write() as session:
        return [put(session, item).code for item in items]


def brief(record: Database, cadre: str = "P020", login: str = "off1", **more: object) -> BriefContent:
    with record.read() as session:
        return compose(session, viewer(session, login), cadre, PLAN, TODAY, **more)  # type: ignore[arg-type]


def said(content: BriefContent, heading: str = "") -> str:
    return "\n".join(s.marked for p in content.parts if heading in p.heading for s in p.sentences)


def test_basic_facts_are_the_rosters_and_posts_join_team_names(record: Database) -> None:
    text = said(brief(record, "P002"), "基本情况")
    assert "现任望澜区委副书记、区长（2023-09-28起）。〔名册-P002〕" in text
    assert "2023-08-20至2023-09-28任望澜区长候选人。" in text
    assert "泊湾市委书记（2022-06-01起）" in said(brief(record, "P021"), "基本情况")


def test_accident_of_the_predecessor_is_not_the_successors(record: Database) -> None:
    """S1: 2024-05-17 is 薄云深's time; an undated later report is asked, never stated."""
    add(
        record,
        Item("5月17日，石岭县望仙坳铅锌矿发生透水事故。", "D09", "major_matter", terms.VERIFIED, date(2024, 5, 17),
             "ZD4", published=date(2025, 3, 2)),
        Item("石岭县政府对停产整顿矿山复工把关不严。", "D09", "problem", terms.VERIFIED, date(2025, 3, 3), "WT1",
             notified=True, dated=False),
        Item("石岭县县长薄云深作检讨发言。", "D09", "problem", terms.TO_VERIFY, date(2024, 7, 20), "WT1",
             cadres={"P019": "信息来源"}),
    )  # fmt: skip
    content = brief(record, "P020")
    assert "透水事故" not in said(content)
    assert "薄云深" not in said(content)
    assert "把关不严" not in said(content, "近期工作情况") + said(content, "班子有关事项")
    assert re.search("把关不严”，情况如何？.*发生时间未载明", said(content, "需了解的情况"))
    assert said(content, "本人有关事项") == "暂无佐证。"


def test_team_matters_of_before_the_tenure_are_neither_told_nor_asked(record: Database) -> None:
    """燕归鸿 came on 2024-08-01; on 2025-01-10 the window reaches back to the predecessor's last months."""
    for number, state in enumerate((terms.ADOPTED, terms.VERIFIED, terms.TO_VERIFY, terms.VERIFYING)):
        label = "problem" if state == terms.TO_VERIFY else "practice"
        for on in (date(2024, 7, 31), date(2024, 8, 1)):
            add(record, Item(f"石岭县{on:%m%d}第{number}事。", "D09", label, state, on))
    for cadre, seen, unseen in (("P020", "0801", "0731"), ("P019", "0731", "0801")):
        with record.read() as session:
            content = compose(session, viewer(session, "off1"), cadre, TalkPlan("关怀", "甲"), date(2025, 1, 10))
        assert [f"{seen}第{n}事" in said(content) for n in range(4)] == [True] * 4
        assert unseen not in str(content.as_dict())


def test_open_items_are_questions_with_state_and_others_are_not_named(record: Database) -> None:
    codes = add(
        record,
        Item("有群众反映石岭县一处电池材料基地至今尚未开工，靳山河曾作批示。", "D09", "problem", terms.TO_VERIFY,
             date(2025, 10, 8), "WT10", title="签约项目进展", cadres={"P018": "仅提及"}),
        Item("石岭县推行矿山安全“双随机”巡查。", "D09", "practice", terms.VERIFYING, date(2025, 9, 1), "ZF2"),
    )  # fmt: skip
    asked = said(brief(record), "需了解的情况")
    assert "（石岭县班子）《签约项目进展》（江北日报，2025-10-08）反映：“" in asked
    assert "尚未开工，（有关同志）曾作批示”，情况如何？办理进展如何？（待核实；独立信源1个；" in asked
    assert "单位说明：暂无；容错审查：未登记）" in asked
    assert "‘双随机’巡查”，情况如何？" in asked
    assert "核实中" in asked
    assert all(f"〔{code}〕" in asked for code in codes)
    assert "靳山河" not in str(brief(record).as_dict())


ADVERSE = st.tuples(st.sampled_from(terms.STATES), st.booleans(), st.booleans(), st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(ADVERSE, min_size=1, max_size=5))
def test_nothing_adverse_and_unsettled_is_stated(record: Database, cases: list[tuple[str, bool, bool, bool]]) -> None:
    """Adverse words stand as fact only when settled and notified; as a question while open; else nowhere."""
    with record.write() as session:
        for number, (state, notified, own, dated) in enumerate(cases):
            cadres = {"P020": "对象"} if own else {}
            words = f"甲{number}号矿山超层越界开采"
            put(session, Item(f"{words}。", "D09", "problem", state, date(2025, 9, 1), "WT1", cadres,
                              notified=notified, dated=dated, true_part=f"{words}。"))  # fmt: skip
        content = compose(session, viewer(session, "off1"), "P020", PLAN, TODAY)
        session.rollback()
    stated, asked = said(content, "有关事项"), said(content, "需了解的情况")
    for number, (state, notified, own, dated) in enumerate(cases):
        words = f"甲{number}号矿山"
        settled = state in terms.ESTABLISHED and notified
        fact = settled and (own or dated)
        open_ = state in (terms.TO_VERIFY, terms.VERIFYING) or (state in terms.ESTABLISHED and not fact)
        assert (words in stated) is fact
        assert (words in asked) is open_
        if not fact and not open_:
            assert words not in str(content.as_dict())
    check(content)


def test_fallen_items_and_restricted_ones_never_appear(record: Database) -> None:
    fallen = (terms.UNTRUE, terms.UNVERIFIABLE, terms.WITHDRAWN, terms.CORRECTED, terms.REJECTED, terms.PENDING)
    add(
        record,
        *(Item(f"乙{n}事项引发关注。", "D09", "highlight", s, date(2025, 9, 1)) for n, s in enumerate(fallen)),
        Item("班子成员因病住院。", "D09", "major_matter", terms.ADOPTED, date(2025, 9, 2), "ZD7", {"P020": "本人"},
             restricted=True),
        Item("班子成员家庭变故。", "D09", "major_matter", terms.VERIFYING, date(2025, 9, 2), "ZD7", restricted=True),
        Item("石岭县召开动员会。", "D09", "routine", terms.ADOPTED, date(2025, 9, 3)),
        Item("石岭县上年获得表彰。", "D09", "highlight", terms.VERIFIED, date(2024, 10, 15), "LD2"),
    )  # fmt: skip
    content = brief(record)
    for words in ("乙", "住院", "动员会", "上年"):
        assert words not in str(content.as_dict())
    assert "重要事项报告" not in said(content)
    head = brief(record, login="head1")
    assert "近期有重要事项报告1件，详见受控页。" in said(head, "重要事项报告")
    assert "住院" not in str(head.as_dict())
    assert "变故" not in str(head.as_dict())


def test_facts_say_their_source_and_whose_they_are(record: Database) -> None:
    add(
        record,
        Item("石岭县在全省率先完成矿山整改销号。", "D09", "highlight", terms.VERIFIED, date(2025, 6, 9), "LD9",
             prints=4, published=date(2025, 6, 10)),
        Item("石岭县推行安全员轮换。", "D09", "practice", terms.ADOPTED, date(2025, 8, 1), self_published=True),
        Item("燕归鸿主持建立包矿责任制。", "D09", "practice", terms.ADOPTED, date(2025, 7, 1), cadres={"P020": "主体"}),
        Item("燕归鸿出席开幕式。", "D09", "practice", terms.ADOPTED, date(2025, 7, 2), cadres={"P020": "出席"}),
        Item("全文所称各项均未落实。", "D09", "major_matter", terms.PARTLY, date(2025, 7, 3),
             true_part="两项未按期完成。"),
    )  # fmt: skip
    content = brief(record, known=Figures((LINE,), (DONE_TASK, OPEN_TASK)))
    own, team = said(content, "本人"), said(content, "班子有关事项")
    assert "（做法，本人角色：主体）据江北日报2025-07-01报道：“燕归鸿主持建立包矿责任制”。" in own
    assert "出席" not in own
    assert "（亮点，石岭县班子责任主体）经核实（江北日报，2025-06-10，事项日期2025-06-09）：" in team
    assert "单位自报（江北日报，2025-08-01）：“石岭县推行安全员轮换”。" in team
    assert "属实部分为：两项未按期完成。" in team
    assert "均未落实" not in str(content.as_dict())
    assert "其中单位自报1件" in team
    assert said(content, "指标").endswith("石岭县（2024，核定，第2版）粮食总产量41.2万吨，同比增长3.1%。〔D-7〕")
    assert said(content, "重点工作进展").split("\n")[-2:] == [
        "石岭县2025年三季度：1号任务“矿山整治”按期（已核实）。〔RW-5〕",
        "2号任务“粮仓改造”已报待核（自报按期）。〔RW-6〕",
    ]
    assert {row.code: row.state for row in content.annex if row.code.startswith("RW-")} == {
        "RW-5": "按期",
        "RW-6": "未核实",
    }
    rows = {r.code: r for r in content.annex}
    assert {r.reprints for r in rows.values() if "销号" in r.summary} == {"3"}
    assert rows["D-7"].source == "市统计局"
    assert from_dict(content.as_dict()) == content


def test_team_praise_is_cut_openly_and_problems_never(record: Database) -> None:
    add(
        record,
        *(Item(f"石岭县做法{n}号落地。", "D09", "practice", terms.ADOPTED, date(2025, 8, n + 1))
          for n in range(TEAM_ITEMS + 3)),
        *(Item(f"石岭县问题{n}号。", "D09", "problem", terms.VERIFIED, date(2025, 1, n + 1), "WT1", notified=True,
               response="已整改。") for n in range(2)),
    )  # fmt: skip
    content = brief(record)
    team = said(content, "班子有关事项")
    assert team.count("问题，石岭县班子") == 2
    assert team.count("做法，石岭县班子责任主体") == TEAM_ITEMS - 2
    assert "另有5件（其中单位自报0件）见班子档。" in team
    assert "单位说明：“已整改。”" in team
    assert "有2件登记了单位或本人的说明、申辩" in said(content, "注意事项")


def test_moved_cadre_keeps_only_what_was_during_each_tenure(record: Database) -> None:
    """S11: 陆屿衡 left 望澜区 on 2023-08-20; its later news is not beside his name."""
    add(
        record,
        Item("望澜区推行议事长制度。", "D01", "practice", terms.VERIFIED, date(2025, 5, 1)),
        Item("市发改委推行拿地即开工。", "MA01", "highlight", terms.VERIFIED, date(2025, 5, 20), "LD4"),
    )
    with record.read() as session:
        zone3 = replace(viewer(session, "off1"), zones=frozenset({"Z3"}))
        text = said(compose(session, zone3, "P003", PLAN, TODAY))
    assert "拿地即开工" in text
    assert "议事长" not in text


def test_recused_and_unfit_viewers_are_refused(record: Database) -> None:
    with record.write() as session:
        for login, code in (("kh", "RIGHTS-ROLE"), ("sys", "RIGHTS-ROLE"), ("off3", "CADRE-UNKNOWN")):
            with pytest.raises(ShijiError, match=code):
                compose(session, viewer(session, login), "P020", PLAN, TODAY)
        off1, off1b = viewer(session, "off1"), viewer(session, "off1b")
        session.add_all([Recusal(user_id=off1.user_id, cadre_id="P020"), Recusal(user_id=off1b.user_id, team_id="D09")])
        session.flush()
        for login in ("off1", "off1b"):
            with pytest.raises(ShijiError, match="RIGHTS-RECUSAL"):
                compose(session, viewer(session, login), "P020", PLAN, TODAY)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (TalkPlan("诫勉", "甲"), "BRIEF-KIND"),
        (TalkPlan("任职", "  "), "BRIEF-INTERVIEWER"),
        (TalkPlan("任职", "甲", date(2025, 10, 15)), "BRIEF-DATE"),
    ],
)
def test_a_wrong_plan_is_refused(record: Database, plan: TalkPlan, code: str) -> None:
    with record.read() as session, pytest.raises(ShijiError, match=code):
        compose(session, viewer(session, "off1"), "P020", plan, TODAY)
    assert not {"提醒", "函询", "诫勉"} & set(TALK_KINDS)


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        (Sentence("该同志表现突出。"), "BRIEF-UNCITED"),
        (Sentence("该同志表现突出。", frame=True), "BRIEF-UNCITED"),
        (Sentence("暂无佐证。", ("E-1",), frame=True), "BRIEF-UNCITED"),
        (Sentence("有此事。", ("E-20250101-999999",)), "BRIEF-CITATION"),
    ],
)
def test_a_sentence_without_a_source_is_not_exported(record: Database, sentence: Sentence, code: str) -> None:
    content = brief(record)
    content = replace(content, parts=(*content.parts, Part(1, "附加", (sentence,))))
    with pytest.raises(ShijiError, match=code):
        brief_docx(content)


def test_word_file_says_the_same_and_is_quick(record: Database, tmp_path: Path) -> None:
    add(record, *(Item(f"石岭县第{n}项工作按期完成\x0b，{'数据' * 60}。", "D09", "practice", terms.ADOPTED,
                       date(2025, 8, 1)) for n in range(60)))  # fmt: skip
    begun = time.perf_counter()
    content = brief(record, known=Figures((LINE,)))
    data = brief_docx(content, "编号：JB-000001")
    assert time.perf_counter() - begun < 5
    word = open_word(io.BytesIO(data))
    text = "\n".join(p.text for p in word.paragraphs)
    for part in content.parts:
        assert part.heading in text
        for sentence in part.sentences:
            assert sentence.text.replace("\x0b", "") in text
            assert all(f"〔{code}〕" in text for code in sentence.citations)
    assert [c.text for c in word.tables[0].columns[0].cells][1:] == [r.code for r in content.annex]
    assert "内部资料　注意保存" in word.sections[0].header.paragraphs[0].text
    assert "2025年10月16日" in text
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_issued_brief_is_kept_and_stops_when_an_item_falls(record: Database, tmp_path: Path) -> None:
    (code,) = add(record, Item("石岭县完成整改销号。", "D09", "highlight", terms.VERIFIED, date(2025, 6, 9)))
    archive = Archive(tmp_path)
    with record.write() as session:
        officer = viewer(session, "off1")
        row = issue(session, archive, officer, compose(session, officer, "P020", PLAN, TODAY))
    with record.read() as session:
        mine = get_brief(session, viewer(session, "off1"), row.id, TODAY)
        assert word_file(archive, mine) == archive.get(row.docx_sha256)
        assert [b.id for b in list_briefs(session, viewer(session, "off1"))] == [row.id]
        assert get_brief(session, viewer(session, "head1"), row.id, TODAY).content == mine.content
        for login, error in (("off1b", "BRIEF-UNKNOWN"), ("off3", "BRIEF-UNKNOWN"), ("kh", "RIGHTS-ROLE")):
            with pytest.raises(ShijiError, match=error):
                get_brief(session, viewer(session, login), row.id, TODAY)
        recused = replace(viewer(session, "off1"), recused_teams=frozenset({"D09"}))
        with pytest.raises(ShijiError, match="RIGHTS-RECUSAL"):
            get_brief(session, recused, row.id, TODAY)
    with record.write() as session:
        session.query(Evidence).filter_by(code=code).one().state = terms.UNTRUE
    with record.read() as session:
        now = get_brief(session, viewer(session, "off1"), row.id, TODAY)
        assert now.gone == {code: terms.UNTRUE}
        assert "整改销号" not in str(now.content.as_dict())
        with pytest.raises(ShijiError, match="BRIEF-STALE"):
            word_file(archive, now)


def test_brief_with_the_restricted_line_is_for_heads(record: Database, tmp_path: Path) -> None:
    add(
        record,
        Item(
            "因病。", "D09", "major_matter", terms.ADOPTED, date(2025, 9, 2), "ZD7", {"P020": "本人"}, restricted=True
        ),
    )
    with record.write() as session:
        head = viewer(session, "head1")
        row = issue(session, Archive(tmp_path), head, compose(session, head, "P020", PLAN, TODAY))
        row.user_id = viewer(session, "off1").user_id
    with record.read() as session, pytest.raises(ShijiError, match="BRIEF-UNKNOWN"):
        get_brief(session, viewer(session, "off1"), row.id, TODAY)


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_an_excerpt_is_the_items_own_words(text: str, start: int, end: int) -> None:
    item = _view(text, (start, end))
    shown = brief_words.excerpt(item).removeprefix("……").removesuffix("……")
    source = re.sub(r"\s*\n\s*", "", text.strip()).replace("“", "‘").replace("”", "’")
    assert shown in source
    assert len(shown) <= brief_words.HARD_LIMIT


def test_an_excerpt_keeps_the_deciding_sentence_whole() -> None:
    filler = "这是一句与结论无关的铺垫。" * 20
    text = filler + "省督察组认定整改不到位。" + filler
    at = text.index("整改不到位")
    shown = brief_words.excerpt(_view(text, (at, at + 5)))
    assert "省督察组认定整改不到位。" in shown
    assert shown.startswith("……")
    assert shown.endswith("……")


def _view(text: str, span: tuple[int, int]) -> object:
    class View:
        state = terms.ADOPTED

    view = View()
    view.text, view.span = text, span  # type: ignore[attr-defined]
    return view


def test_the_window_is_one_year_back() -> None:
    assert one_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert one_year_before(TODAY) == date(2024, 10, 16)
