"""Who says what in a passage: quoted and reported speech with its speaker (domain.md §3.4, quote_of; P9, 引语).

A speaker is shown only where it is a cadre of the roster or a body; of anybody else the words are kept without a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.cadres import CadreAttribution
from nlp.scan import led
from nlp.teams import TeamAttribution

Kind = Literal["cadre", "team", "body", "other"]

_SAID = r"(?<![小传据学假])说|告诉记者|坦言|回应称?|称|透露|建议|呼吁|回答|谈到"  # 小说, 传说 tell of no speaker
_VERB = rf"(?:明确)?(?:表示|指出|强调|介绍|认为|要求|提出|{_SAID})"
_SAYS = led("明表指强介认要提说告坦回称透建呼谈", rf"{_VERB}(?:道)?(?P<mark>[：:，,])(?=[^\n])")
_SUBJECT = re.compile(r"[^，。；：！？“”\n]{0,40}$")
_QUOTED = re.compile(r"“(?P<words>[^“”]{6,200})”")
_AFTER = re.compile(rf"^[，,]?(?P<who>[^，。；：！？“”\n]{{1,40}}?){_VERB}")
_BODY = re.compile(
    r"(?:局|委|委员会|办|办公室|部|厅|政府|区委|县委|市委|党组|纪委监委|法院|检察院|管委会|指挥部|专班|调查组|督察组|巡视组)"
    r"(?:有关|相关)?(?:负责人|负责同志|工作人员|发言人|主要领导|领导)?(?:昨日|今天|日前|近日|在[^，。]{1,12})?$"
)
_REPORT = re.compile(r"(?:反馈|通报|报告|公告)$")  # 督察组反馈指出: the body speaks
_SENTENCE_END = re.compile(r"[。！？]")
SHORTEST = 6
LONGEST_SUBJECT = 40


@dataclass(frozen=True)
class Speech:
    """Words at [start, end) of the passage. `speaker`: as written, empty where it is no cadre and no body."""

    start: int
    end: int
    speaker: str
    kind: Kind
    id: str = ""
    direct: bool = False


def speeches(
    passage: str, offset: int = 0, cadres: Sequence[CadreAttribution] = (), teams: Sequence[TeamAttribution] = ()
) -> list[Speech]:
    """Speech of a passage in order. `offset`: where the passage begins in the text that attribution spans count."""
    found: list[Speech] = []
    taken = 0
    for said in _SAYS.finditer(passage):
        at = said.end()
        if at < taken:
            continue
        quoted = _QUOTED.match(passage, at)
        stop = quoted.end("words") if quoted else _end_of_reported(passage, at, said["mark"])
        begin = quoted.start("words") if quoted else at
        if stop - begin >= SHORTEST:
            subject = _SUBJECT.search(passage, max(0, said.start() - LONGEST_SUBJECT), said.start())
            who = (subject.start() if subject else said.start(), said.start())
            found.append(_speech(passage, begin, stop, who, bool(quoted), offset, cadres, teams))
            taken = stop
    for quoted in _QUOTED.finditer(passage) if "“" in passage else ():
        after = _AFTER.match(passage[quoted.end() :])
        if after and not any(s.start <= quoted.start("words") < s.end for s in found):
            who = (quoted.end() + after.start("who"), quoted.end() + after.end("who"))
            found.append(_speech(passage, quoted.start("words"), quoted.end("words"), who, True, offset, cadres, teams))
    return sorted(found, key=lambda s: s.start)


def _end_of_reported(passage: str, at: int, mark: str) -> int:
    """Reported speech after a comma is its sentence; after a colon it runs to the end of the passage."""
    if mark in "：:":
        return len(passage)
    end = _SENTENCE_END.search(passage, at)
    return end.end() if end else len(passage)


def _speech(
    passage: str, start: int, end: int, who: tuple[int, int], direct: bool, offset: int,
    cadres: Sequence[CadreAttribution], teams: Sequence[TeamAttribution],
) -> Speech:  # fmt: skip
    """The speech with its speaker: the cadre or team named in the subject, else a body, else nobody named."""
    first, last = who[0] + offset, who[1] + offset
    for cadre in cadres:
        if first <= cadre.span[0] < last:
            return Speech(start, end, cadre.name, "cadre", cadre.id, direct)
    subject = _REPORT.sub("", passage[who[0] : who[1]].strip())
    if not _BODY.search(subject):
        return Speech(start, end, "", "other", "", direct)
    for team in teams:
        if any(first <= span[0] < last for span in team.spans):
            return Speech(start, end, subject, "team", team.id, direct)
    return Speech(start, end, subject, "body", "", direct)
