"""Every kind: true, cited, in roster order, self-published share beside counts; paper that fits the standard."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as tree

import pytest
from brief_world import put
from docx import Document as open_word
from product_world import BUILDERS, ITEMS, fill, ids, made

from dossier.products.check import check, faults
from dossier.products.content import ProductContent, Sentence, Table, content_of
from dossier.products.kinds import KINDS, kind_of
from dossier.products.layout import lines_of
from dossier.products.paper import product_docx, title_lines
from dossier.products.spans import before, code_of, covered, span_of
from storage.database import Database
from storage.errors import ShijiError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALL = sorted(BUILDERS)


@pytest.fixture
def database(copy_of: Callable[..., Database]) -> Database:
    return copy_of(fill)


@pytest.fixture
def items(database: Database) -> dict[str, int]:
    return dict(ids)


def content(database: Database, items: dict[str, int], kind: str, login: str = "off1") -> ProductContent:
    with database.read() as session:
        return made(session, kind, items, login)


def said(made_: ProductContent) -> str:
    return "\n".join(s.marked for _, s in made_.sentences)


@pytest.mark.parametrize("kind", ALL)
def test_every_sentence_rests_on_something_and_survives_storage(
    database: Database, items: dict[str, int], kind: str
) -> None:
    built = content(database, items, kind)
    check(built)
    assert content_of(built.as_dict()) == built
    for heading, sentence in built.sentences:
        assert sentence.citations or sentence.frame, (heading, sentence.text)
        stripped = replace(sentence, citations=(), frame=False)
        parts = tuple(
            replace(p, sentences=tuple(stripped if s is sentence else s for s in p.sentences)) for p in built.parts
        )
        tail = tuple(stripped if s is sentence else s for s in built.tail)
        assert [f.code for f in faults(replace(built, parts=parts, tail=tail))] == ["PRODUCT-UNCITED"]


@pytest.mark.parametrize("kind", ALL)
def test_adverse_unsettled_restricted_and_other_zones(database: Database, items: dict[str, int], kind: str) -> None:
    built = content(database, items, kind)
    text = said(built) + str(built.as_dict())
    assert "住院" not in text
    assert "课后服务" not in text  # zone 4
    assert "夜间偷采" not in text  # an open 问题 is a title or a question
    assert "燕归鸿" not in text  # and nobody is named in it
    if kind in ("weekly", "monthly", "quarterly"):
        assert "有关同志到场的矿山偷采传闻" in text
    assert not any("扬尘超标" in s.text for _, s in built.sentences)  # settled but nobody was told


@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "quarterly"])
def test_counts_stand_beside_their_self_published_share(database: Database, items: dict[str, int], kind: str) -> None:
    built = content(database, items, kind)
    if kind == "daily":
        assert said(built).endswith("统计：采集篇数6；采用4；涉及班子2个；单位自采占比25%。")
        return
    assert "整理工作信息4条，涉及班子2个；其中自采自发或自报1条，占25%" in said(built)
    for table in built.tables:
        share = [i for i, name in enumerate(table.header) if "自采" in name]
        assert share, table.title
    total = built.tables[-1].rows[-1]
    assert total == ("合计", "2", "1", "0", "1", "4", "1", "25%")


def test_quarter_is_compared_with_the_one_before(database: Database, items: dict[str, int]) -> None:
    built = content(database, items, "quarterly")
    assert "上季度收集信息1次，整理1条，其中自采自发或自报0条，占0%；整理条数比上季度增加3条。" in said(built)
    assert built.tables[0].rows[-1] == ("合计", "1", "0（0%）", "4", "1（25%）", "+3")
    month = content(database, items, "monthly")
    assert "上月收集信息0次，整理0条，其中自采自发或自报0条，占—；整理条数比上月增加4条。" in said(month)


def test_adverse_facts_show_state_sources_response_and_leniency_together(
    database: Database, items: dict[str, int]
) -> None:
    line = next(s for _, s in content(database, items, "weekly").sentences if "把关不严" in s.text)
    assert line.source == "来源：江北日报 09-09；独立信源1；已核实；单位说明：“已停工整改”；容错审查：未登记"


def test_daily_keeps_to_one_page_however_much_came_in(database: Database, items: dict[str, int]) -> None:
    with database.write() as session:
        for number in range(30):
            label = ("practice", "highlight", "major_matter", "problem")[number % 4]
            long = "持续推进一二三四五六七八九十，" * 8
            item = replace(
                ITEMS["practice"], text=f"第{number}项，{long}完成。", label=label, notified=True, state="已核实"
            )
            put(session, item)
    built = content(database, items, "daily")
    assert lines_of(built) <= 22
    assert sum(len(s.text) for _, s in built.sentences) <= 560
    assert all(len(p.sentences) <= 3 for p in built.parts)


def test_special_puts_questions_in_place_of_advice(database: Database, items: dict[str, int]) -> None:
    built = content(database, items, "special")
    headings = [p.heading for p in built.parts]
    assert headings == [
        "",
        "一、事件经过",
        "二、传播情况",
        "三、各方观点",
        "四、需核实、需了解的事项",
        "五、责任单位已采取的措施",
    ]
    assert sum(len(s.text) for s in built.parts[0].sentences) <= 200
    assert "建议" not in "".join(headings)


def parts_of(data: bytes) -> dict[str, tree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = [n for n in file.namelist() if n.startswith("word/") and n.endswith(".xml")]
        return {n: tree.fromstring(file.read(n)) for n in names}


@pytest.mark.parametrize("kind", ALL)
def test_geometry_of_every_kind(database: Database, items: dict[str, int], kind: str) -> None:
    """37/28/26/35 mm, the grid, headings, page numbers, repeated headers, figures at the right, the mark."""
    data = product_docx(content(database, items, kind), "份号000001", "第1期")
    parts = parts_of(data)
    body = parts["word/document.xml"]
    section = next(body.iter(f"{W}sectPr"))
    margins = {k.replace(W, ""): v for k, v in section.find(f"{W}pgMar").attrib.items()}  # type: ignore[union-attr]
    assert [margins[k] for k in ("top", "left", "right", "bottom")] == ["2098", "1587", "1474", "1984"]
    grid = section.find(f"{W}docGrid")
    assert grid is not None
    assert [grid.get(W + k) for k in ("type", "linePitch", "charSpace")] == ["linesAndChars", "579", "-848"]
    heads = ["".join(p.itertext()) for n, p in parts.items() if n.startswith("word/header")]
    assert len(heads) == 2
    assert all("内部资料　注意保存" in h and "份号000001" in h for h in heads)
    assert parts["word/settings.xml"].find(f"{W}evenAndOddHeaders") is not None
    for table in body.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        width = sum(int(c.get(W + "w") or 0) for c in table.iter(f"{W}gridCol"))
        assert width <= 156 * 1440 / 25.4 + 20
        if len(rows) > 1:
            last = list(rows[1].iter(f"{W}tc"))[-1]
            assert last.find(f"{W}p/{W}pPr/{W}jc").get(W + "val") == "right"  # type: ignore[union-attr]
    word = open_word(io.BytesIO(data))
    firsts = [p for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert firsts
    assert all(re.match(r"[一二三四五六七八九十]+、", p.text) for p in firsts)
    assert word.paragraphs[0].style.name == "公文标题"  # type: ignore[union-attr]


def test_no_page_holds_a_signature_alone(database: Database, items: dict[str, int]) -> None:
    """From the last words of the text down to the date every paragraph is kept with the next."""
    built = content(database, items, "special")
    paragraphs = open_word(io.BytesIO(product_docx(built))).paragraphs
    texts = [p.text for p in paragraphs]
    last = next(i for i, text in enumerate(texts) if "没有待核实" in text or "暂无佐证" in text or "系统" in text)
    date_line = texts.index("2025年10月16日")
    said = texts.index("附件：佐证清单") - 2
    assert last <= said < date_line
    assert all(p.paragraph_format.keep_with_next for p in paragraphs[said:date_line])


def test_codes_on_paper_are_not_torn_and_read_as_typed(database: Database, items: dict[str, int]) -> None:
    built = content(database, items, "weekly")
    text = "\n".join(p.text for p in open_word(io.BytesIO(product_docx(built))).paragraphs)
    codes = {c for _, s in built.sentences for c in s.citations}
    assert codes
    assert all(f"〔{code}〕" in text for code in codes)


def test_uncited_content_is_not_printed(database: Database, items: dict[str, int]) -> None:
    built = content(database, items, "daily")
    parts = (*built.parts, replace(built.parts[0], sentences=(Sentence("全市形势很好。"),)))
    with pytest.raises(ShijiError, match="PRODUCT-UNCITED"):
        product_docx(replace(built, parts=parts))
    marked = replace(built.parts[0], sentences=(Sentence("全市形势很好。", unsupported=True),))
    text = "\n".join(p.text for p in open_word(io.BytesIO(product_docx(replace(built, parts=(marked,))))).paragraphs)
    assert "全市形势很好。【暂无佐证】" in text


def test_periods() -> None:
    assert span_of("week", "2025-W42").name == "2025年10月13日至10月19日"
    assert span_of("quarter", "2025Q4").until == date(2025, 12, 31)
    assert before("quarter", span_of("quarter", "2025Q1")).code == "2024Q4"
    assert before("month", span_of("month", "2025-01")).code == "2024-12"
    assert code_of("week", date(2024, 12, 30)) == "2025-W01"
    assert covered(date(2025, 10, 9)) == (date(2025, 9, 30), date(2025, 10, 8))  # over the national holiday
    for code in ("2025Q5", "2025-W99", "2025-13", "x"):
        with pytest.raises(ShijiError, match="PRODUCT-PERIOD"):
            span_of({"Q": "quarter", "W": "week"}.get(code[4:5] if code[4:5] == "Q" else code[5:6], "month"), code)


def test_titles_break_where_words_end() -> None:
    assert title_lines("每日要情") == ["每日要情"]
    assert title_lines("关于《石岭县望仙坳铅锌矿事故调查报告公布》所涉事项的专报") == [
        "关于《石岭县望仙坳铅锌矿事故", "调查报告公布》所涉事项的专报",
    ]  # fmt: skip
    assert title_lines("关于《省安委会对望仙坳铅锌矿透水事故挂牌督办》所涉事项的专报") == [
        "关于《省安委会对望仙坳铅锌矿透水", "事故挂牌督办》所涉事项的专报",
    ]  # fmt: skip
    assert title_lines("望澜区领导班子运行情况分析报告（2025年第一季度）")[1] == "（2025年第一季度）"
    assert title_lines("石岭县2024年第四季度考核情况反馈单") == ["石岭县2024年第四季度", "考核情况反馈单"]


def test_parts_of_one_table_share_an_attachment_and_a_short_table_a_page(
    database: Database, items: dict[str, int]
) -> None:
    built = content(database, items, "special")
    sheets = tuple(
        Table(
            f"附表1　指标完成情况（{name}）", ("班子", "数"), (("甲", "1"), ("乙", "2")), (100, 56), 1, basis="按名册"
        )
        for name in ("城区类", "县市类")
    )
    word = open_word(io.BytesIO(product_docx(replace(built, tables=(*built.tables, *sheets)))))
    texts = [p.text for p in word.paragraphs]
    assert [t for t in texts if t.startswith("附件") and len(t) == 3] == ["附件1", "附件2"]
    assert texts.count("指标完成情况") == 1
    rows = word.tables[-2].rows
    kept = [[p.paragraph_format.keep_with_next for c in row.cells for p in c.paragraphs] for row in rows]
    assert kept == [[True, True], [True, True], [None, None]]


@pytest.mark.parametrize("kind", ["talk_outline", "talk_record", "notice_letter", "clearing"])
def test_a_paper_prints_no_list_that_names_itself(database: Database, items: dict[str, int], kind: str) -> None:
    built = replace(content(database, items, "special"), kind=kind)
    assert not any("清单" in p.text for p in open_word(io.BytesIO(product_docx(built))).paragraphs)


def test_kinds_follow_the_sign_off_matrix() -> None:
    for kind in KINDS.values():
        assert kind.drafts
        assert kind.checks <= {"HEAD", "SUP"}
        assert kind.signs in (frozenset(), frozenset({"DEP", "MIN"}))
    assert kind_of("weekly").signs
    assert kind_of("ledger").checks == {"SUP", "HEAD"}
    assert not kind_of("talk_brief").signs
    with pytest.raises(ShijiError, match="PRODUCT-KIND"):
        kind_of("portrait")


@pytest.mark.parametrize("kind", ALL)
def test_the_list_is_called_what_the_text_calls_it(database: Database, items: dict[str, int], kind: str) -> None:
    built = content(database, items, kind)
    texts = [p.text for p in open_word(io.BytesIO(product_docx(built))).paragraphs]
    name = "佐证清单" if kind == "special" else "条目清单"
    assert (name in texts) == (kind != "daily")
    assert not any("见佐证清单" in text for text in texts)


def test_words_that_are_not_quoted_keep_their_own_quotation_marks(database: Database, items: dict[str, int]) -> None:
    assert "推行矿山“双随机”巡查" in said(content(database, items, "weekly"))


def test_a_long_list_holds_what_is_cited_and_the_rest_is_said_to_be_elsewhere(
    database: Database, items: dict[str, int]
) -> None:
    with database.write() as session:
        for number in range(101):
            put(session, replace(ITEMS["practice"], text=f"石岭县推行第{number}项巡查。", title=f"第{number}项"))
    built = content(database, items, "monthly")
    assert len(built.annex) < 100
    assert "条见班子档。" in said(built)
    assert "见条目清单" not in said(built)
    check(built)
