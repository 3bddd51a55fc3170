"""A passage as the topic model reads it: which place, which day and which number must not decide the topic.

Place names become one sign, numbers another, dates and bylines go. What remains is who acts, how, and with what
result, so that a model trained on one city serves another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import islice

from nlp.scan import led

PLACE = "□"
NUMBER = "0"
_BETWEEN = "\n"  # no clause holds one

_LEAD = re.compile(r"^(?:本报讯|[^，。]{2,8}消息|[^，。（]{2,6}讯)(?:（[^）]*）)?\s*")
_DATE = led(
    "截自从在于今去昨本第一二三四上下近日目0-9",
    r"(?:截至|自|从|在|于)?(?:(?:20|19)?\d\d年|今年|去年|昨年|本)?"
    r"(?:第?[一二三四]季度|上半年|下半年|\d{1,2}月(?:\d{1,2}日|上旬|中旬|下旬|底|初)?|\d{1,2}日)"
    r"(?:\d{1,2}时许?|上午|下午|晚|凌晨)?[，,]?"
    r"|(?:20|19)\d\d年[，,]?|近日[，,]?|日前[，,]?|今天|昨天|目前[，,]?",
)
_CLAUSE = re.compile(r"[^，。；！？\n]+[，。；！？]?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# a name of two or three characters before 省 市 县 …; 全市, 该区, 社区 and the like are no names
_UNKNOWN = re.compile(
    r"(?<![一-鿿])[一-鿿]{2,3}(?:省|市|县|区|州|盟|旗|镇|乡)(?=[一-鿿])"
    r"|(?<=[在由从向对将为是到与和及同])[一-鿿]{2}(?:省|市|县|区|镇)"
)
_NO_NAME_END = frozenset(
    "全该我本各外城社地园市郊景灾辖山小片新都超股夜上下门专老主东西南北某街场厂矿校库营港林牧禁海两十"
)
_NO_NAME_START = frozenset("全该我本各每")


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    names = (files("nlp") / "places.txt").read_text(encoding="utf-8").split()
    alternatives = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(f"(?:{alternatives})(?:省|市|自治区|州|地区)?")


def _unknown_place(match: re.Match[str]) -> str:
    word = match.group()
    if word[-2] in _NO_NAME_END or word[0] in _NO_NAME_START:
        return word
    return PLACE + word[-1]


def fold_clauses(texts: Sequence[str]) -> list[tuple[list[tuple[int, int]], list[str]]]:
    """Of each text its clauses as [start, end) spans, and each clause as the model reads it (may be empty).

    Many texts are read at once, since each call of a pattern costs.
    """
    spans, clauses = [], []
    for text in texts:
        lead = _LEAD.match(text)
        of_text = [match.span() for match in _CLAUSE.finditer(text, lead.end() if lead else 0)]
        if of_text:
            clauses += [text[start:end] for start, end in of_text]
        else:
            of_text = [(0, len(text))]
            clauses.append(text.replace(_BETWEEN, ""))
        spans.append(of_text)
    folded = iter(_fold(_BETWEEN.join(clauses)).split(_BETWEEN))
    return [(of_text, list(islice(folded, len(of_text)))) for of_text in spans]


def topic_texts(texts: Sequence[str]) -> list[str]:
    """The texts with places, dates, numbers and byline folded; not of the same length as the originals."""
    return ["".join(clauses) for _spans, clauses in fold_clauses(texts)]


def _fold(text: str) -> str:
    """All clauses at once: no pattern reaches over what stands between them."""
    folded = _UNKNOWN.sub(_unknown_place, _known().sub(PLACE, _DATE.sub("", text)))
    return _NUMBER.sub(NUMBER, folded)
