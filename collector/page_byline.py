"""The reporter's name where it stands in the article itself: （记者 某某）, 本报记者 某某, 文/某某."""

from __future__ import annotations

import re

_NAME = r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})?"
_NAMES = rf"(?P<names>{_NAME}(?:[\s、,，]+{_NAME}){{0,5}})"
_ROLE = r"(?:特约)?(?:全媒体)?(?:见习|实习)?(?:记者|评论员|撰稿人)"
_IN_BRACKETS = re.compile(rf"[（(][^（）()。]{{0,14}}?{_ROLE}\s*[:：/丨｜]?\s*{_NAMES}\s*(?:通讯员[^（）()]*)?[）)]")
_OWN_LINE = re.compile(
    rf"^[□■●◎○▲\s【\[（(]*(?:[\w·《》]{{0,14}}?{_ROLE}|文|作者|撰文|撰稿)\s*[:：/丨｜\s]\s*{_NAMES}(?:\s*[）)】\]])?$"
)
_NO_NAME = re.compile(r"摄影|报道|摄$|获悉|了解|通讯员|记者|编辑|日电|发自|采写|来自|随后|看到|近日|昨日|今天")
EDGE_PARAGRAPHS = 4  # bylines stand in the first or last paragraphs


def find_byline(text: str) -> str:
    """Names of the reporters, joined by a space, or '' where the article names none.

    ``text`` is the body, a paragraph a line. What is not clearly a name is left out: no author is better
    than a wrong one.
    """
    paragraphs = [p.strip() for p in text.split("\n") if p.strip()]
    edges = paragraphs[:EDGE_PARAGRAPHS] + paragraphs[EDGE_PARAGRAPHS:][-EDGE_PARAGRAPHS:]
    for paragraph in edges:
        match = _IN_BRACKETS.search(paragraph)
        if match is None and len(paragraph) <= 40:
            match = _OWN_LINE.match(paragraph)
        if match and not _NO_NAME.search(match["names"]):
            return " ".join(re.split(r"[\s、,，]+", match["names"].strip()))
    return ""
