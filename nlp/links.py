"""Which key tasks and indicators a passage bears on: shared words, rare ones weighing more, and likeness of meaning.

Likeness enters as the rank of the target among all targets given, other teams' too, and general titles of tasks
(yardstick.txt): those measure only and are never returned. The mixture was fitted on hand-written cases
(benchmarks/links.py). Unsure means no link; an officer decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from math import exp, log

import numpy as np

from nlp.indicator_words import NOT_MEANT, OPPOSED, OTHER_NAMES
from nlp.sentence_words import words_of
from nlp.sentences import SentenceModel
from nlp.text import normalise

TASK, INDICATOR = "task", "indicator"
NAMED = 0.97  # an indicator called by its name or a known other name
LEAST = 0.65  # on the hand-written cases nothing wrong is linked from here on
PROPOSED = 0.2  # enough to show an officer who then confirms or refuses
DETAIL = 0.5  # weight of deliverable and milestones beside the title
FULL_RANK = log(100)  # best of a hundred is as telling as it gets
# (constant, overlap, rank): printed by benchmarks/links.py
FITTED = {TASK: (-7.52, 6.16, 6.32), INDICATOR: (-9.55, 8.17, 5.63)}
_COMMON = frozenset((
    "过半", "成果", "形成", "三年", "核查", "年底", "问题",
    "推进", "工作", "建设", "全市", "全区", "全县", "完成", "项目", "实施", "开展", "落实", "提升", "以上", "年度",
    "情况", "进行", "加强", "全年", "重点", "任务", "改革", "行动", "今年", "本年", "季度", "上半年", "下半年",
    "同比", "增长", "达到", "实现", "组织", "方案", "责任", "分工", "关键", "节点", "基本", "全面", "通过", "验收",
    "自查",
))  # fmt: skip
# the name of an office says whose passage it is, not what it is about: 市统计局 does not speak for 统计执法检查
_OFFICE = re.compile(r"(?<!全)[省市区县][\u4e00-\u9fff]{2,9}?(?:局|厅|总工会|卫健委|发改委|委员会|办公室|联合会)")
_NOBODY = "-"  # owner of the yardstick's titles
_SIGN = re.compile(r"[（(].*?[)）]")


@dataclass(frozen=True)
class Target:
    """A key task or an indicator. team: its owner, empty for an indicator of all; detail: deliverable, milestones."""

    kind: str
    key: str
    title: str
    detail: str = ""
    team: str = ""


@dataclass(frozen=True)
class Link:
    """score: 0 to 1, the share of such pairs that the hand-written cases call linked; because: one Chinese line."""

    kind: str
    key: str
    score: float
    words: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Linker:
    """Links passages to these targets; made by `linker_of`."""

    targets: tuple[Target, ...]
    model: SentenceModel

    def link(self, text: str, teams: Collection[str], least: float = LEAST) -> list[Link]:
        """Links of a passage that speaks of these teams, likeliest first; empty when unsure."""
        passage = normalise(text)
        found = [link for link in self._scored(passage, teams) if link.score >= least]
        return sorted(found, key=lambda link: (-link.score, link.kind, link.key))

    def features(self, text: str, at: int) -> tuple[float, float]:
        """Overlap and rank of one target, each 0 to 1: what the mixture was fitted on."""
        passage = normalise(text)
        rest = _masked(NOT_MEANT.sub(_blank, passage), self._named(passage).values())
        overlap, _words = self._overlap(_OFFICE.sub(_blank, passage) if self.targets[at].kind == TASK else rest, at)
        return overlap, self._ranks(passage)[at]

    def _scored(self, passage: str, teams: Collection[str]) -> list[Link]:
        named = self._named(passage)
        rest = _masked(NOT_MEANT.sub(_blank, passage), named.values())
        ranks = self._ranks(passage)
        made = []
        for at, target in enumerate(self.targets):
            if target.team == _NOBODY or (target.team and target.team not in teams):
                continue
            if at in named:
                start, end = named[at]
                name = passage[start:end]
                made.append(Link(target.kind, target.key, NAMED, (name,), f"点名指标“{name}”"))
                continue
            # a task may well be about what an indicator is called; another indicator may not
            overlap, words = self._overlap(_OFFICE.sub(_blank, passage) if target.kind == TASK else rest, at)
            score = 0.0 if self._opposed(passage, target) else mixture(target.kind, overlap, ranks[at])
            made.append(Link(target.kind, target.key, round(score, 4), words, _reason(words, ranks[at])))
        return made

    def _named(self, passage: str) -> dict[int, tuple[int, int]]:
        """Indicators called by name: target -> span. A longer name keeps its words from a shorter one."""
        left = NOT_MEANT.sub(_blank, passage)
        found: dict[int, tuple[int, int]] = {}
        for name, at in self._names:
            start = left.find(name)
            if start >= 0:
                found.setdefault(at, (start, start + len(name)))
                left = left.replace(name, "□" * len(name))
        return found

    def _overlap(self, passage: str, at: int) -> tuple[float, tuple[str, ...]]:
        title, detail = self._words[at]
        shared = [w for w in title if w in passage]
        more = [w for w in detail if w in passage]
        share = self._weight(shared, at) / max(self._weight(title), 1e-9)
        share += (1 - share) * DETAIL * self._weight(more, at) / max(self._weight(detail), 1e-9)
        telling = sorted({*shared, *more}, key=lambda w: (-self._idf[w], w))
        return share, tuple(telling[:4])

    def _weight(self, words: Sequence[str], at: int | None = None) -> float:
        """Rare words weigh more; for the target `at`, words that other tasks of its team hold too weigh less."""
        own = self.targets[at] if at is not None and self.targets[at].team else None
        return sum(self._idf[w] / (self._in_team[own.kind, own.team, w] if own else 1) for w in words)

    def _ranks(self, passage: str) -> list[float]:
        """For every target ln(n / rank) among the targets of its kind, as a share of FULL_RANK, at most 1."""
        likeness = np.round(self._vectors @ self.model.encode([passage])[0], 6)
        out = [0.0] * len(self.targets)
        for kind in (TASK, INDICATOR):
            own = [at for at, target in enumerate(self.targets) if target.kind == kind]
            values = np.sort(likeness[own])
            for at in own:
                place = len(own) - int(np.searchsorted(values, likeness[at], side="left"))  # ties share the worst place
                out[at] = min(1.0, log(len(own) / place) / FULL_RANK)
        return out

    @staticmethod
    def _opposed(passage: str, target: Target) -> bool:
        return any(own in target.title and own not in passage and other in passage for own, other in OPPOSED)

    @cached_property
    def _names(self) -> list[tuple[str, int]]:
        """Names and other names of indicators, longest first."""
        found: list[tuple[str, int]] = []
        for at, target in enumerate(self.targets):
            if target.kind == INDICATOR:
                plain = _SIGN.sub("", normalise(target.title))
                found.extend((name, at) for name in {plain, *OTHER_NAMES.get(target.title, ())})
        return sorted(found, key=lambda pair: (-len(pair[0]), pair))

    @cached_property
    def _words(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Of each target the words of the title, and those of the detail that the title lacks."""
        made = []
        for target in self.targets:
            title, detail = _telling(target.title), _telling(target.detail)
            made.append((title, tuple(w for w in detail if w not in title)))
        return made

    @cached_property
    def _idf(self) -> dict[str, float]:
        spread = Counter(word for title, detail in self._words for word in (*title, *detail))
        whole = len(self.targets) + 1
        return {word: log(whole / n) for word, n in spread.items()}

    @cached_property
    def _in_team(self) -> Counter[tuple[str, str, str]]:
        return Counter(
            (target.kind, target.team, word) for target, both in zip(self.targets, self._words, strict=True)
            for word in set().union(*both)
        )  # fmt: skip

    @cached_property
    def _vectors(self) -> np.ndarray:
        """float32 [targets, dimensions]; the title counts twice beside the detail."""
        titles = self.model.encode([target.title for target in self.targets])
        details = self.model.encode([target.detail or target.title for target in self.targets])
        return np.asarray(2 * titles + details)


def linker_of(targets: Sequence[Target], model: SentenceModel) -> Linker:
    """A linker of these targets, beside the general titles they are ranked against."""
    titles = (files("nlp") / "yardstick.txt").read_text(encoding="utf-8").split()
    return Linker((*targets, *(Target(TASK, title, title, team=_NOBODY) for title in titles)), model)


def mixture(kind: str, overlap: float, rank: float) -> float:
    """The fitted chance of a link."""
    constant, of_overlap, of_rank = FITTED[kind]
    return 1 / (1 + exp(-(constant + of_overlap * overlap + of_rank * rank)))


def likeness_of_tasks(
    model: SentenceModel, tasks: Sequence[str], items: Sequence[str], others: Sequence[str] = ()
) -> list[list[tuple[int, str]]]:
    """For each task of one team, for each of its items: score 0 to 100 and the reason. others: tasks of other teams.

    A task's first line is its title, the rest its detail.
    """
    targets = [
        Target(TASK, str(at), *_split(text), team="own" if at < len(tasks) else "other")
        for at, text in enumerate([*tasks, *others])
    ]
    linker = linker_of(targets, model)
    made: list[list[tuple[int, str]]] = [[(0, "")] * len(items) for _ in tasks]
    for number, item in enumerate(items):
        for link in linker.link(item, ("own",), PROPOSED):
            made[int(link.key)][number] = (round(100 * link.score), link.because)
    return made


def _split(text: str) -> tuple[str, str]:
    title, _line, detail = text.partition("\n")
    return title, detail.replace("\n", " ")


def _telling(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w for w in words_of(text) if len(w) >= 2 and w not in _COMMON))


def _blank(found: re.Match[str]) -> str:
    return "□" * len(found[0])


def _masked(passage: str, spans: Collection[tuple[int, int]]) -> str:
    for start, end in spans:
        passage = passage[:start] + "□" * (end - start) + passage[end:]
    return passage


def _reason(words: Sequence[str], rank: float) -> str:
    """One line for the officer."""
    near = rank >= 0.6
    if not words:
        return "语义相近，没有共同用语"
    return f"共同用语：{'、'.join(words)}" + ("；语义相近" if near else "")
