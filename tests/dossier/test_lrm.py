"""任免审批表 files: nothing hostile is read, nothing private is kept, nothing unknown is lost, nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as tree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_world import found, viewer
from sqlalchemy import select

import demo
from demo.build_papers import CAREER, XML, lrm_text
from dossier import lrm, lrm_import
from dossier.lrm_import import CLOSES, DIFFERS, NEW, OUTSIDE, SAME
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Cadre, RosterPaper, Tenure

TODAY = date(2025, 10, 16)
LRMX = XML.format(career="\n".join(CAREER)).encode()
PRIVATE = ("110101197804010028", "13812345678", "配偶姓名", "高血压")
LADEN = (
    XML.format(career="\n".join(CAREER))
    .replace("<ShenFenZheng>（导入时略去）", f"<ShenFenZheng>{PRIVATE[0]}")
    .replace("<ChengWei>（导入时略去）", f"<ChengWei>{PRIVATE[2]}")
    .replace("<JianKangZhuangKuang>（导入时略去）", f"<JianKangZhuangKuang>{PRIVATE[3]}")
    .replace("<Version>", f"<BeiZhu>证号{PRIVATE[0]}，电话{PRIVATE[1]}</BeiZhu><ZhaoPian>QUJD</ZhaoPian><Version>")
    .encode()
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (
            b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Person><XingMing>&x;</XingMing></Person>',
            "LRM-ENTITY",
        ),
        (b'<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Person><XingMing>&b;</XingMing></Person>', "LRM-ENTITY"),
        (b"<!DOCTYPE Person><Person><XingMing>x</XingMing></Person>", "LRM-ENTITY"),
        (b"<Person><XingMing>x</Person>", "LRM-XML"),
        (b"<Html><XingMing>x</XingMing></Html>", "LRM-FORM"),
        (b"<Person/>", "LRM-FORM"),
        (b"<Person>" + b"<a/>" * 2001 + b"</Person>", "LRM-SIZE"),
        (b"<Person>" + b" " * lrm.LARGEST + b"</Person>", "LRM-SIZE"),
        (b'"a","b"', "LRM-FORM"),
        (b"plain words", "LRM-FORM"),
        (b'"\xff\xff\xff"', "LRM-TEXT"),
    ],
)
def test_hostile_and_broken_files_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(ShijiError, match=code):
        lrm.read_paper(data, "x.lrmx")


def test_side_photo_is_not_imported() -> None:
    with pytest.raises(ShijiError, match="LRM-FORM"):
        lrm.read_paper(b"\xff\xd8", "佟以宁.pic")


def test_private_parts_are_skipped_and_said_so() -> None:
    paper = lrm.read_paper(LADEN, "x.lrmx")
    assert set(paper.skipped) == {"JianKangZhuangKuang", "JiaTingChengYuan", "ShenFenZheng", "ZhaoPian"}
    for words in (*PRIVATE, "QUJD", "ShenFenZheng", "JiaTing"):
        assert words not in paper.xml + str(paper.fields)
    assert "<BeiZhu>证号" in paper.xml  # an element nobody knows stays, its numbers masked
    assert "●" * 18 in paper.xml


def test_career_lines_with_open_end_aside_and_continuation() -> None:
    steps = lrm.read_paper(LRMX, "x.lrmx").steps
    assert [(s.start, s.end) for s in steps] == [
        ("1996.09", "2000.07"), ("2000.07", "2009.03"), ("2009.03", "2016.11"), ("2016.11", "2023.08"), ("2023.08", ""),
    ]  # fmt: skip
    assert steps[1].text == "澜宁市城乡建设委员会干部、科长"
    assert steps[1].aside == ("（其间：2004.09--2007.06  江北大学工程管理专业在职学习）",)
    assert steps[4].text == "望澜区委副书记、区长"


def test_lrm_is_split_on_three_characters_and_keeps_commas_and_party_words() -> None:
    paper = lrm.read_paper(lrm_text().encode("gb18030"), "x.lrm")
    assert paper.fields["speciality"] == "工程管理,熟悉道路桥梁"
    assert paper.fields["awards"].count(",") == 1
    assert paper.fields["party"] == "民盟"
    assert lrm.written_month("民盟") == ""
    assert (paper.fields["education"], paper.fields["later_degree"]) == ("大学", "工学硕士")
    assert paper.fields["later_school"] == "江北大学交通学院"
    assert paper.steps[1].text == "澜宁市工程设计院工程师,总工程师"
    assert set(paper.skipped) == {"JianKangZhuangKuang", "JiaTingChengYuan"}
    assert "略" not in paper.xml
    with pytest.raises(ShijiError, match="LRM-FORM"):
        lrm.read_paper(lrm_text().replace('","女","', '","女,"').replace('"男","', '"男,').encode("gb18030"), "x.lrm")


MONTHS = st.dates(date(1940, 1, 1), date(2049, 12, 31))


@given(day=MONTHS)
def test_every_form_of_a_month_is_read_alike(day: date) -> None:
    forms = (
        f"{day:%Y%m}",
        f"{day:%Y%m%d}",
        f"{day:%Y.%m}",
        f"{day:%Y.%m.%d}",
        f"{day.year}年{day.month}月",
        f"{day:%Y-%m}",
    )
    assert {lrm.written_month(form) for form in forms} == {f"{day:%Y-%m}"}


ELEMENT = st.tuples(st.sampled_from(["XinYuanSu", "DaoLingNianYue", "Bei_Zhu"]), st.text("甲乙丙<&>", max_size=6))
UNKNOWN = st.lists(ELEMENT, max_size=5)


@given(extra=UNKNOWN, at=st.integers(0, 12))
def test_rewriting_keeps_unknown_elements_in_their_order(extra: list[tuple[str, str]], at: int) -> None:
    root = tree.fromstring(LRMX)
    for offset, (tag, text) in enumerate(extra):
        element = tree.Element(tag)
        element.text = text
        root.insert(at + offset, element)
    lrm.without_private(root)
    before = [(e.tag, e.text) for e in root]
    after = tree.fromstring(lrm_import.rewritten(lrm.to_text(root), {"XingBie": "女", "ChuShengNianYue": "197805"}))
    changed = [(t, "197805" if t == "ChuShengNianYue" else x) for t, x in before]
    assert [(e.tag, e.text or None) for e in after] == [(t, x or None) for t, x in changed]


def test_a_missing_element_is_put_where_the_editor_has_it() -> None:
    text = lrm_import.rewritten("<Person><XingMing>甲</XingMing><MinZu>汉族</MinZu></Person>", {"XingBie": "男"})
    assert [e.tag for e in tree.fromstring(text)] == ["XingMing", "XingBie", "MinZu"]


@pytest.fixture
def record(copy_of: Callable[..., Database]) -> Database:
    return copy_of(found)


def test_demo_paper_against_the_roster_then_written_by_choice(record: Database) -> None:
    paper = lrm.read_paper((Path(demo.__file__).parent / "papers" / "佟以宁.lrmx").read_bytes(), "佟以宁.lrmx")
    with record.write() as session:
        kh = viewer(session, "kh")
        plan = lrm_import.plan_paper(session, kh, paper, "佟以宁.lrmx", TODAY)
        assert plan.cadre_id == "P002"
        assert plan.header == ()
        assert [(p.kind, p.team_id, p.post) for p in plan.proposals] == [
            (OUTSIDE, "", ""), (OUTSIDE, "", ""), (OUTSIDE, "", ""), (NEW, "MC06", "副局长"),
            (DIFFERS, "D01", "区委副书记、区长"),
        ]  # fmt: skip
        assert plan.proposals[4].note == "名册为 2023-09-28 至 现任，未作改动"
        before = session.scalars(select(Tenure).where(Tenure.cadre_id == "P002")).all()
        assert lrm_import.write_paper(session, kh, plan, {0, 3, 4}, False) == 1
        rows = session.scalars(select(Tenure).where(Tenure.cadre_id == "P002").order_by(Tenure.start)).all()
        assert len(rows) == len(before) + 1
        assert (rows[0].post.team_id, rows[0].start, rows[0].end) == ("MC06", date(2016, 11, 1), date(2023, 8, 1))
        again = lrm_import.plan_paper(session, kh, paper, "佟以宁.lrmx", TODAY)
        assert [p.kind for p in again.proposals][3] == SAME
        assert lrm_import.header_fields(session, "P002")["people"] == "满族"


MOVED = ("2023.09--2025.10  望澜区委副书记、区长", "2025.10--         云亭区委副书记、区长")


def test_a_move_ends_the_own_tenure_and_that_of_the_predecessor_on_the_days_given(record: Database) -> None:
    paper = lrm.read_paper(XML.format(career="\n".join(MOVED)).encode(), "a.lrmx")
    with record.write() as session:
        kh = viewer(session, "kh")
        plan = lrm_import.plan_paper(session, kh, paper, "a.lrmx", TODAY)
        assert [(p.kind, p.team_id, p.on) for p in plan.proposals] == [
            (CLOSES, "D01", date(2025, 10, 1)), (NEW, "D05", date(2025, 10, 1)), (CLOSES, "D05", date(2025, 10, 1)),
        ]  # fmt: skip
        assert plan.proposals[2].step.text == "栾景澄不再担任区委副书记、区长"
        for wrong in (date(2025, 11, 1), date(2023, 9, 1)):  # not in the file's month
            with pytest.raises(ShijiError, match="LRM-DAY"):
                lrm_import.write_paper(session, kh, plan, {0}, False, {0: wrong})
        day = date(2025, 10, 13)
        assert lrm_import.write_paper(session, kh, plan, {0, 1, 2}, False, dict.fromkeys(range(3), day)) == 3
        held = {
            (t.cadre_id, t.post.team_id, t.start, t.end)
            for t in session.scalars(select(Tenure).where((Tenure.start == day) | (Tenure.end == day)))
        }
        assert held == {
            ("P002", "D01", date(2023, 9, 28), day), ("P002", "D05", day, None), ("P011", "D05", date(2024, 3, 1), day),
        }  # fmt: skip


def test_header_differences_are_shown_and_written_only_when_chosen(record: Database) -> None:
    with record.write() as session:
        session.get_one(Cadre, "P002").sex = "男"
        kh = viewer(session, "kh")
        plan = lrm_import.plan_paper(session, kh, lrm.read_paper(LRMX, "a.lrmx"), "a.lrmx", TODAY)
        assert plan.header == (("性别", "男", "女"),)
        lrm_import.write_paper(session, kh, plan, (), False)
        assert session.get_one(Cadre, "P002").sex == "男"
        lrm_import.write_paper(session, kh, plan, (), True)
        assert session.get_one(Cadre, "P002").sex == "女"
        assert len(session.scalars(select(RosterPaper)).all()) == 1


def test_whose_file_it_is_is_never_guessed(record: Database) -> None:
    def named(name: str, born: str) -> bytes:
        return f"<Person><XingMing>{name}</XingMing><ChuShengNianYue>{born}</ChuShengNianYue></Person>".encode()

    with record.write() as session:
        kh = viewer(session, "kh")

        def plan(name: str, born: str) -> str:
            return lrm_import.plan_paper(session, kh, lrm.read_paper(named(name, born), "a"), "a", TODAY).cadre_id

        assert plan("王 伟", "197108") == "P024"
        for name, born in (("王伟", ""), ("王伟", "198001"), ("佟以宁", "197805"), ("查无此", "197001")):
            with pytest.raises(ShijiError, match="LRM-PERSON"):
                plan(name, born)


def test_import_and_export_are_for_cleared_roles_with_a_reason(record: Database) -> None:
    paper = lrm.read_paper(LADEN, "a.lrmx")
    with record.write() as session:
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            lrm_import.plan_paper(session, viewer(session, "off1"), paper, "a.lrmx", TODAY)
        head = viewer(session, "head1")
        plan = lrm_import.plan_paper(session, head, paper, "a.lrmx", TODAY)
        lrm_import.write_paper(session, head, plan, (), False)
        for login, reason, code in (
            ("off1", "谈话", "RIGHTS-ROLE"),
            ("kh", "谈话", "RIGHTS-ROLE"),
            ("head1", " ", "PAPER-REASON"),
        ):
            with pytest.raises(ShijiError, match=code):
                lrm_import.export_paper(session, viewer(session, login), "P002", reason, TODAY)
        with pytest.raises(ShijiError, match="PAPER-UNKNOWN"):
            lrm_import.export_paper(session, head, "P001", "考察", TODAY)
        name, data = lrm_import.export_paper(session, head, "P002", "考察", TODAY)
    assert name == "佟以宁.lrmx"
    assert not any(words in data.decode() for words in PRIVATE)
    root = tree.fromstring(data)
    assert [e.tag for e in root][8:10] == ["DaoLingNianYue", "QuanRiZhiJiaoYu_XueLi"]
    assert root.findtext("NianDuKaoHeJieGuo") == "2022年称职；2023年称职；2024年优秀。"
