"""The 任免审批表 exchange files .lrmx (XML) and .lrm (quoted text): header and tenure lines of one person (§4.8).

Family members, ID number, health and photo are skipped while reading and are never kept. Unknown elements of an .lrmx
are kept in their order, so that a file written again loses nothing that the record does not know. DTDs, entities and
oversized files are refused before anything is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as tree
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from storage.errors import ShijiError

LARGEST = 4 * 1024 * 1024  # a photo of the editor is some 100 KB
MOST_ELEMENTS = 2000
MOST_LINES = 200
SKIPPED = frozenset({"JiaTingChengYuan", "ShenFenZheng", "ZhaoPian", "JianKangZhuangKuang"})
_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)")  # identity card, mobile telephone
_LINE = re.compile(r"^(\d{4}\.\d{1,2}|\d{6}|\d{4})\s*--\s*(\d{4}\.\d{1,2}|\d{6}|\d{4})?\s{2,}(\S.*)$")
_DAY = re.compile(r"^(\d{4})[.\-/年]?(\d{1,2})(?:[.\-/月]?(\d{1,2}))?月?日?$")

# element -> field name, in file order
FIELDS = {
    "XingMing": "name", "XingBie": "sex", "ChuShengNianYue": "born", "MinZu": "people", "JiGuan": "home",
    "ChuShengDi": "birthplace", "RuDangShiJian": "party", "CanJiaGongZuoShiJian": "working_since",
    "ZhuanYeJiShuZhiWu": "technical_post", "ShuXiZhuanYeYouHeZhuanChang": "speciality",
    "QuanRiZhiJiaoYu_XueLi": "education", "QuanRiZhiJiaoYu_XueWei": "degree",
    "QuanRiZhiJiaoYu_XueLi_BiYeYuanXiaoXi": "school", "QuanRiZhiJiaoYu_XueWei_BiYeYuanXiaoXi": "degree_school",
    "ZaiZhiJiaoYu_XueLi": "later_education", "ZaiZhiJiaoYu_XueWei": "later_degree",
    "ZaiZhiJiaoYu_XueLi_BiYeYuanXiaoXi": "later_school", "ZaiZhiJiaoYu_XueWei_BiYeYuanXiaoXi": "later_degree_school",
    "XianRenZhiWu": "post", "NiRenZhiWu": "proposed_post", "NiMianZhiWu": "removed_post", "JianLi": "career",
    "JiangChengQingKuang": "awards", "NianDuKaoHeJieGuo": "grades", "RenMianLiYou": "reason",
    "ChengBaoDanWei": "submitted_by", "JiSuanNianLingShiJian": "age_on", "TianBiaoShiJian": "filled_on",
    "TianBiaoRen": "filled_by", "Version": "version",
}  # fmt: skip
# .lrm: place -> element; 6 is health, 20-24 family, 12-15 unknown
PLACES = {
    0: "XingMing", 1: "XingBie", 2: "ChuShengNianYue", 3: "MinZu", 4: "JiGuan", 5: "RuDangShiJian", 7: "ChuShengDi",
    8: "CanJiaGongZuoShiJian", 11: "ZhuanYeJiShuZhiWu", 16: "ShuXiZhuanYeYouHeZhuanChang", 17: "JianLi",
    18: "JiangChengQingKuang", 19: "NianDuKaoHeJieGuo", 25: "XianRenZhiWu", 26: "NiRenZhiWu", 27: "NiMianZhiWu",
    28: "RenMianLiYou", 29: "ChengBaoDanWei", 30: "JiSuanNianLingShiJian", 31: "TianBiaoRen", 32: "TianBiaoShiJian",
}  # fmt: skip
LRM_FIELDS = 33


@dataclass(frozen=True)
class Step:
    """One line of the 简历: months as written (2018.05, "" for none), its text; `aside` holds （其间：…）."""

    start: str
    end: str
    text: str
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """What a file says of a person, without what is never kept. `xml`: the file without it, unknown elements in order.

    `skipped`: names of elements that were left out, so that the importer can say so.
    """

    fields: Mapping[str, str]
    steps: tuple[Step, ...]
    xml: str
    skipped: tuple[str, ...] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        return self.fields.get("name", "")


def read_paper(data: bytes, where: str) -> Paper:
    """An .lrmx or .lrm file. Raises LRM-SIZE, LRM-XML, LRM-ENTITY, LRM-FORM, LRM-TEXT."""
    if len(data) > LARGEST:
        raise ShijiError("LRM-SIZE", f"文件超过 {LARGEST // 1024 // 1024} MB", where, "请检查是否选错文件。")
    if where.lower().endswith(".pic"):
        raise ShijiError("LRM-FORM", "照片文件不导入", where, "请选择 .lrmx 或 .lrm 文件。")
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return _read_xml(data, where) if head == b"<" else _read_text(data, where)


def parse_xml(data: bytes, where: str) -> Element:
    """The root of an XML file, DTDs and entities refused. Raises LRM-ENTITY, LRM-XML, LRM-FORM."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as bad:
        raise ShijiError(
            "LRM-ENTITY", "文件含 DTD 或实体定义，已拒绝", where, "正常的任免表文件没有这些内容，请核对来源。"
        ) from bad
    except (tree.ParseError, ValueError, LookupError) as bad:
        raise ShijiError("LRM-XML", "文件不是完整的 XML", where, "请用任免审批表编辑器重新保存后再导入。") from bad
    if root.tag != "Person":
        raise ShijiError("LRM-FORM", "不是任免审批表文件（根元素应为 Person）", where, "请选择 .lrmx 文件。")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise ShijiError("LRM-SIZE", f"文件超过 {MOST_ELEMENTS} 个元素", where, "请检查是否选错文件。")
    return root


def without_private(root: Element) -> tuple[str, ...]:
    """Take out of `root` what is never kept; returns the names of what held anything."""
    found = []
    for child in list(root):
        if child.tag in SKIPPED:
            if len(child) or (child.text or "").strip():
                found.append(str(child.tag))
            root.remove(child)
    for element in root.iter():  # a number in a remark or in an element this program does not know
        if element.text:
            element.text = _NUMBER.sub(lambda m: "●" * len(m[0]), element.text)
    return tuple(found)


def to_text(root: Element) -> str:
    """The XML of a root, as the editor writes it."""
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tree.tostring(root, encoding="unicode") + "\n"


def career(text: str) -> tuple[Step, ...]:
    """The lines of a 简历. Continuation lines (indented) belong to the line before; （其间：…） stands apart."""
    steps: list[Step] = []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES]:
        match = _LINE.match(raw.rstrip())
        if match:
            steps.append(Step(_month(match[1]), _month(match[2] or ""), match[3].strip()))
        elif raw.strip() and steps:
            steps[-1] = Step(steps[-1].start, steps[-1].end, steps[-1].text + raw.strip(), steps[-1].aside)
    return tuple(_apart(step) for step in steps)


def written_month(text: str) -> str:
    """197804, 19780415, 1978.04 or 1978年4月 as 1978-04; "" for what is no month, such as 民盟."""
    match = _DAY.match(re.sub(r"\s", "", text))
    if not match or not 1 <= int(match[2]) <= 12:
        return ""
    return f"{match[1]}-{int(match[2]):02d}"


def _read_xml(data: bytes, where: str) -> Paper:
    root = parse_xml(data, where)
    skipped = without_private(root)
    values = {FIELDS[str(e.tag)]: _tidy(e) for e in root if e.tag in FIELDS}
    return _paper(values, to_text(root), skipped, where)


def _read_text(data: bytes, where: str) -> Paper:
    """.lrm: 33 fields in quotes, split on the three characters "," since free text holds commas."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as bad:
        raise ShijiError("LRM-TEXT", "文件不是 GB18030 文字", where, "请用任免审批表编辑器另存后再导入。") from bad
    body = text.strip().strip("\x1a").strip()
    if not (body.startswith('"') and body.endswith('"')):
        raise ShijiError("LRM-FORM", "不是任免审批表文件", where, "请选择 .lrmx 或 .lrm 文件。")
    places = body[1:-1].split('","')
    if len(places) != LRM_FIELDS:
        raise ShijiError("LRM-FORM", f"应有 {LRM_FIELDS} 项，实有 {len(places)} 项", where, "请核对文件是否完整。")
    root = tree.Element("Person")
    elements = {element: places[at] for at, element in PLACES.items()}
    elements |= _schooling(places[9], "XueLi", "XueWei")
    elements |= _schooling(places[10], "XueLi_BiYeYuanXiaoXi", "XueWei_BiYeYuanXiaoXi")
    for name in FIELDS:
        if elements.get(name, "").strip():
            tree.SubElement(root, name).text = (
                elements[name].strip("\r\n") if name == "JianLi" else elements[name].strip()
            )
    without_private(root)
    skipped = [name for name, held in (("JianKangZhuangKuang", places[6]), ("JiaTingChengYuan", "".join(places[20:25])))
               if held.strip("@ \r\n")]  # fmt: skip
    values = {FIELDS[str(e.tag)]: _tidy(e) for e in root}
    return _paper(values, to_text(root), tuple(skipped), where)


def _schooling(text: str, first: str, second: str) -> dict[str, str]:
    """全日制学历#全日制学位@在职学历#在职学位 as elements."""
    found = {}
    for half, value in zip(("QuanRiZhiJiaoYu", "ZaiZhiJiaoYu"), f"{text}@".split("@"), strict=False):
        for part, words in zip((first, second), f"{value}#".split("#"), strict=False):
            found[f"{half}_{part}"] = words
    return found


def _paper(values: dict[str, str], xml: str, skipped: tuple[str, ...], where: str) -> Paper:
    if not values.get("name"):
        raise ShijiError("LRM-FORM", "文件中没有姓名", where, "请核对文件。")
    return Paper(values, career(values.get("career", "")), xml, skipped)


def _tidy(element: Element) -> str:
    """The text of an element: lines kept for a 简历, one line for the rest; a name without spaces."""
    text = element.text or ""
    if element.tag == "JianLi":
        return text.strip("\r\n")
    tidy = re.sub(r"\s*[\r\n]+\s*", "", text).strip()
    return re.sub(r"\s", "", tidy) if element.tag == "XingMing" else tidy


def _apart(step: Step) -> Step:
    asides = tuple(re.findall(r"[（(]其间[：:]?[^）)]*[）)]", step.text))
    return Step(step.start, step.end, re.sub(r"[（(]其间[：:]?[^）)]*[）)]", "", step.text).strip(), asides)


def _month(text: str) -> str:
    if not text:
        return ""
    year, month = text[:4], text[4:].lstrip(".")
    if not month:
        return year
    return f"{year}.{int(month):02d}" if 1 <= int(month) <= 12 else ""
