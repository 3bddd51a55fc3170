"""Comparing what was predicted with the truth: topics, teams, cadres, dates, duplicates, quarantine.

Predicted passages and true paragraphs are aligned by shared text, for a reader may split or merge them. A passage
that belongs to no paragraph (a table row, a signature) counts for no team, but a person in it counts as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import combinations

from demo.align import Judged, PredictedDocument
from demo.truth import ArticleTruth, clusters
from dossier.terms import DOSSIER_ROLES
from nlp.topic_port import LABELS


@dataclass(frozen=True)
class Miss:
    """One disagreement, for reading: what was expected and what was got."""

    kind: str
    document: str
    text: str
    expected: str
    got: str


@dataclass(frozen=True)
class Rate:
    """right of `claimed` (precision) and of `true` (recall)."""

    right: int = 0
    claimed: int = 0
    true: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.true if self.true else 1.0


@dataclass
class Scores:
    """All measures; `misses` lists the wrong ones."""

    macro_f1: float = 0.0
    accuracy: float = 0.0
    accuracy_also: float = 0.0
    sub_accuracy: float = 0.0
    problem_recall: float = 0.0
    highlight_precision: float = 0.0
    team: Rate = Rate()
    dossier_team: Rate = Rate()
    role_accuracy: float = 0.0
    cadre: Rate = Rate()
    wrong_person: int = 0
    duplicate: Rate = Rate()
    day: Rate = Rate()
    quarantine_missed: int = 0
    quarantine_false: int = 0
    paragraphs: int = 0
    unaligned: int = 0
    misses: list[Miss] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Flat names and values, as quality.toml pins them."""
        flat: dict[str, float] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Rate):
                flat[f"{item.name}_precision"], flat[f"{item.name}_recall"] = value.precision, value.recall
            elif isinstance(value, int | float):
                flat[item.name] = value
        return flat


def compare(predicted: Sequence[PredictedDocument], truth: Sequence[ArticleTruth]) -> Scores:
    """Measure `predicted` against `truth`; documents are matched by id, and a missing one counts as all wrong."""
    scores = Scores()
    by_id = {p.id: p for p in predicted}
    judged: list[Judged] = []
    for document in truth:
        got = by_id.get(document.id, PredictedDocument(document.id))
        if document.quarantine != got.quarantined:
            scores.quarantine_missed += document.quarantine
            scores.quarantine_false += got.quarantined
            expected, shown = ("隔离" if q else "不隔离" for q in (document.quarantine, got.quarantined))
            scores.misses.append(Miss("隔离", document.id, document.title, expected, shown))
        if document.quarantine or got.quarantined:
            continue
        judged.append(Judged(document, got))
    _topics(scores, judged)
    _attributions(scores, judged)
    _dates(scores, judged)
    _duplicates(scores, truth, by_id)
    return scores


def _topics(scores: Scores, judged: Iterable[Judged]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    strict = lenient = sub_right = sub_all = total = 0
    for document in judged:
        for number, paragraph in enumerate(document.paragraphs):
            got = document.best(number)
            label = got.label if got else ""
            total += 1
            counts[paragraph.label, label] += 1
            strict += label == paragraph.label
            lenient += label in paragraph.labels
            if got and label == paragraph.label != "irrelevant":
                sub_all += 1
                sub_right += got.sub == paragraph.sub
            if label not in paragraph.labels:
                expected = "/".join((paragraph.label, *paragraph.also)) + f" {paragraph.sub}"
                shown = f"{label or '(未读到)'} {got.sub if got else ''}"
                scores.misses.append(Miss("主题", document.id, paragraph.text, expected, shown))
    measures = {label: _label_rate(counts, label) for label in LABELS}
    present = [m for m in measures.values() if m.true or m.claimed]
    scores.macro_f1 = sum(_f1(m) for m in present) / len(present) if present else 0.0
    scores.paragraphs = total
    scores.accuracy, scores.accuracy_also = (n / total if total else 0.0 for n in (strict, lenient))
    scores.sub_accuracy = sub_right / sub_all if sub_all else 0.0
    scores.problem_recall = measures["problem"].recall
    scores.highlight_precision = measures["highlight"].precision


def _label_rate(counts: Counter[tuple[str, str]], label: str) -> Rate:
    right = counts[label, label]
    return Rate(right, sum(n for (_, got), n in counts.items() if got == label),
                sum(n for (true, _), n in counts.items() if true == label), right)  # fmt: skip


def _f1(rate: Rate) -> float:
    return 2 * rate.right / (rate.claimed + rate.true) if rate.claimed + rate.true else 0.0


def _attributions(scores: Scores, judged: Iterable[Judged]) -> None:
    team, counted, cadre = (Counter[str]() for _ in range(3))
    roles_right = roles_all = 0
    for document in judged:
        for number, passage in enumerate(document.passages):
            paragraphs = document.paragraphs_of(number)
            true_teams = {t.id: t.role for p in paragraphs for t in p.teams}
            true_cadres = {c.id for p in paragraphs for c in p.cadres}
            for key, role in passage.cadres:
                cadre["claimed"] += 1
                if key in true_cadres:
                    cadre["right"] += 1
                else:
                    scores.wrong_person += 1
                    shown = "、".join(sorted(true_cadres)) or "无"
                    scores.misses.append(Miss("错认干部", document.id, passage.text, shown, f"{key} {role}"))
            if not paragraphs:
                scores.unaligned += 1
                continue
            for key, role in passage.teams:
                team["claimed"] += 1
                team["right"] += key in true_teams
                if role in DOSSIER_ROLES:
                    counted["claimed"] += 1
                    counted["right"] += true_teams.get(key) in DOSSIER_ROLES
                if key in true_teams:
                    roles_all += 1
                    roles_right += role == true_teams[key]
                    if (role in DOSSIER_ROLES) != (true_teams[key] in DOSSIER_ROLES):
                        scores.misses.append(Miss("角色", document.id, passage.text, f"{key} {true_teams[key]}", role))
                else:
                    shown = "、".join(sorted(true_teams)) or "无"
                    scores.misses.append(Miss("错认班子", document.id, passage.text, shown, f"{key} {role}"))
        for number, paragraph in enumerate(document.paragraphs):
            passages = document.passages_of(number)
            got_teams = {k: r for p in passages for k, r in p.teams}
            got_cadres = {k for p in passages for k, _ in p.cadres}
            for true in paragraph.teams:
                team["true"] += 1
                team["found"] += true.id in got_teams
                if true.role in DOSSIER_ROLES:
                    counted["true"] += 1
                    counted["found"] += got_teams.get(true.id) in DOSSIER_ROLES
                if true.id not in got_teams:
                    expected, shown = f"{true.id} {true.role}", "、".join(got_teams)
                    scores.misses.append(Miss("漏认班子", document.id, paragraph.text, expected, shown))
            for person in paragraph.cadres:
                cadre["true"] += 1
                cadre["found"] += person.id in got_cadres
                if person.id not in got_cadres:
                    expected = f"{person.id} {person.role}"
                    scores.misses.append(Miss("漏认干部", document.id, paragraph.text, expected, ""))
    scores.team, scores.dossier_team, scores.cadre = (Rate(**c) for c in (team, counted, cadre))
    scores.role_accuracy = roles_right / roles_all if roles_all else 1.0


def _dates(scores: Scores, judged: Iterable[Judged]) -> None:
    right = claimed = true = found = 0
    for document in judged:
        for number, paragraph in enumerate(document.paragraphs):
            if paragraph.label == "irrelevant" and not paragraph.event_date:
                continue  # nobody files these, and the truth leaves their dates out
            days = {p.day for p in document.passages_of(number) if p.day}
            true += paragraph.day is not None
            found += paragraph.day in days
            best = document.best(number)
            if best and best.day:
                claimed += 1
                right += best.day == paragraph.day
                if best.day != paragraph.day:
                    expected = paragraph.event_date or "无"
                    scores.misses.append(Miss("日期", document.id, paragraph.text, expected, best.day.isoformat()))
    scores.day = Rate(right, claimed, true, found)


def _duplicates(scores: Scores, truth: Sequence[ArticleTruth], by_id: dict[str, PredictedDocument]) -> None:
    roots = clusters(list(truth))
    kept = [d.id for d in truth if not d.quarantine]
    got = {key: (by_id[key].cluster or key) if key in by_id else key for key in kept}
    pairs = {pair for pair in combinations(kept, 2) if roots[pair[0]] == roots[pair[1]]}
    claims = {pair for pair in combinations(kept, 2) if got[pair[0]] == got[pair[1]]}
    for one, other in sorted(pairs ^ claims):
        missed = (one, other) in pairs
        scores.misses.append(Miss("漏认重复" if missed else "错认重复", one, other, str(missed), str(not missed)))
    both = len(pairs & claims)
    scores.duplicate = Rate(both, len(claims), len(pairs), both)
