"""Masking personal data at ingest (R-12): the length stays, so every offset stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from nlp.posts import TITLE_BEFORE
from nlp.surroundings import names_a_thing, tagged

MASK = "●"

_ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|"
    r"3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_ID_OLD = re.compile(r"(?:身份证(?:号码?)?[:：为是]?\s*)(\d{15}|\d{17}[\dXx])(?!\d)")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?![0-9])")
_CARD = re.compile(r"(?<![0-9])([3-6]\d{3}(?:[ -]?\d{4}){2,3}[ -]?\d{1,7})(?![0-9])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼江][A-HJ-NP-Z][·. ]?"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
    r"(?![A-Za-z0-9])"
)
# bounded: a page of nothing but digits must not be read from each of them to its end
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,}")
_HOME = re.compile(
    r"(?:家住|现住|住址[:：为]?|住在|居住在|户籍地[:：]?|家庭(?:住址|"
    r"地址)[:：为]?)\s*([^，。；,;\n（）()]{2,40}?(?:号楼|[号栋幢座室组户单元楼]|小区|村)+"
    r"[\d\-－一二三四五六七八九十]*(?:单元|号|室|组|户|楼|层)?[\d\-]*(?:室|号|户)?)"
)
_ROOM = re.compile(r"\d{1,4}(?:号楼|栋|幢|座)(?:\d{1,2}单元)?\d{2,4}(?:室|户|房)")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳上官诸葛司马"
)
_PRIVATE = (
    r"群众|居民|村民|市民|业主|患者|病人|学生|家长|网友|消费者|顾客|乘客|租客|租户|投诉人|来电人|来信人|"
    r"信访人|受害人|被害人|伤者|死者|"
    r"遇难者|当事人|小朋友|男童|女童|儿童|孩子|老人|住户|农户|贫困户|低保户|退役军人|职工|员工|工人|"
    r"农民工|司机|车主"
)
_CITIZEN = re.compile(
    rf"(?:{_PRIVATE})(?:代表)?[:：]?(?P<n>[{_SURNAMES}](?:某某?|[\u4e00-\u9fff]某|先生|女士|姓|"
    rf"[\u4e00-\u9fff]{{1,2}}))"
)
_MOU = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<n>[{_SURNAMES}]某某?)|(?P<m>[{_SURNAMES}]某(?:某|"
    rf"[\u4e00-\u9fff](?=[，。、（(]))?)"
)
_FOLLOW = re.compile(r"$|[^\u4e00-\u9fff]|[说称的是在向对到来家反表介告因为与和等被将从]")


class Masked(NamedTuple):
    """The masked text (same length) and what was masked: (start, end, kind)."""

    text: str
    hits: tuple[tuple[int, int, str], ...]


def scrub(text: str, keep_names: Iterable[str] = ()) -> Masked:
    """Mask identifiers, home addresses and private citizens' names with ●; the roster's names may be kept.

    Office telephone numbers and addresses of public bodies stay. Surnames of citizens stay (张●). Who is a citizen
    once is masked wherever the text names them, except where a post stands before the name: that is someone else.
    """
    kept = frozenset(keep_names)
    hits: list[tuple[int, int, str]] = []
    for kind, pattern, group in _PLAIN:
        hits += [(*m.span(group), kind) for m in pattern.finditer(text)]
    hits += [(*m.span(1), "bank_card") for m in _CARD.finditer(text) if _is_card(m[1])]
    hits += _names(text, kept)
    if not hits:
        return Masked(text, ())
    hits = _merged(hits)
    chars = list(text)
    for start, end, _ in hits:
        chars[start:end] = [c if c == "\n" else MASK for c in chars[start:end]]
    return Masked("".join(chars), tuple(hits))


_PLAIN: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("id_card", _ID_CARD, 0),
    ("id_card", _ID_OLD, 1),
    ("mobile", _MOBILE, 1),
    ("plate", _PLATE, 0),
    ("e_mail", _MAIL, 0),
    ("address", _HOME, 1),
    ("address", _ROOM, 0),
)


def _is_card(digits: str) -> bool:
    """16 to 19 digits that pass Luhn's check: a bank card, not an amount or a document number."""
    plain = [int(c) for c in digits if c.isdigit()]
    if not 16 <= len(plain) <= 19:
        return False
    total = 0
    for i, d in enumerate(reversed(plain)):
        doubled = d * 2 if i % 2 else d
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _names(text: str, kept: frozenset[str]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    found: set[str] = set()
    for m in _CITIZEN.finditer(text):
        start, end = m.span("n")
        name = m["n"]
        if name.endswith(("先生", "女士", "姓")):
            continue  # already no name
        if "某" not in name:
            if len(name) == 3 and not _FOLLOW.match(text, end):
                end, name = end - 1, name[:2]
            word, tag = tagged(text[start : start + 4])[0]
            if len(word) > 1 and not tag.startswith("nr"):
                continue  # 居民高兴地, 工人马上: an everyday word, not a name
            if tag.startswith("nr") and 2 <= len(word) <= 3:
                end, name = start + len(word), word
            if text[start : start + 2] in kept or text[start : start + 3] in kept or not _FOLLOW.match(text, end):
                continue
            found.add(name)
        out.append((start + 1, end, "citizen"))
    for name in found:
        out += [(at + 1, at + len(name), "citizen") for at in _mentions(text, name, kept)]
    for pattern_match in _MOU.finditer(text):
        group = "n" if pattern_match["n"] else "m"
        start, end = pattern_match.span(group)
        out.append((start + 1, end, "citizen"))
    return out


def _mentions(text: str, name: str, kept: frozenset[str]) -> list[int]:
    """Where a citizen's name stands by itself: not in a longer word or name, not as a place, not after a post."""
    out = []
    for m in re.finditer(re.escape(name), text):
        start, end = m.span()
        longer = any(len(k) > len(name) and text.startswith(k, start) for k in kept)
        inside = len(name) == 2 and not _bounded(text, start, end)
        if not (longer or inside or names_a_thing(text, end) or TITLE_BEFORE.search(text, max(0, start - 24), start)):
            out.append(start)
    return out


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether words begin at `start` and end at `end`: two characters are often part of another word (太平洋)."""
    first = max(0, start - 6)
    at, edges = first, {first}
    for word, _ in tagged(text[first : end + 6]):
        at += len(word)
        edges.add(at)
    return start in edges and end in edges


def _merged(hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(h for h in hits if h[1] > h[0]):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]), out[-1][2])
        else:
            out.append((start, end, kind))
    return out
