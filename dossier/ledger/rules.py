"""What a ledger entry may say (§1.12): kinds, roles and horizons, and whose time a decision or an effect fell into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dossier.ledger.overlap import Span, held
from storage.errors import ShijiError

MERIT, DUTY, NEUTRAL = "业绩", "责任", "中性记载"
KINDS = (MERIT, DUTY, NEUTRAL)
VISIBLE, LATENT, HAZARD = "显绩", "潜绩", "隐患"
HORIZONS = {MERIT: (VISIBLE, LATENT), DUTY: (HAZARD, ""), NEUTRAL: ("", VISIBLE, LATENT, HAZARD)}
DECIDED, DROVE, HELPED, CONTINUED, INHERITED, JOINTLY = (
    "决策", "主抓推进", "配合", "接续", "前任决策本任处置", "集体决策",
)  # fmt: skip
ROLES = (DECIDED, JOINTLY, DROVE, HELPED, CONTINUED, INHERITED)
DECIDERS = (DECIDED, JOINTLY)
LATER = (CONTINUED, INHERITED)
_PRINCIPAL = re.compile(r"(?:书记|市长|区长|县长|主任|局长|部长|主席|会长)(?:[（(].*[）)])?$")


@dataclass(frozen=True)
class EntryWords:
    """An entry as typed. decided_on and effects_on: days; evidence: ids of verified items."""

    kind: str
    matter: str
    text: str
    role: str
    horizon: str = ""
    decided_on: tuple[date, ...] = ()
    implemented_from: date | None = None
    implemented_to: date | None = None
    effects_on: tuple[date, ...] = ()
    evidence: tuple[int, ...] = ()
    clue: str = ""
    leniency_body: str = ""
    leniency_reason: str = ""


def check_words(words: EntryWords, tenures: Sequence[tuple[Span, str]], today: date) -> None:
    """Refuse what the rules exclude. Raises LEDGER-KIND, -ROLE, -HORIZON, -WORDS, -DATES, -TENURE, -PRINCIPAL, -EFFECT.

    `tenures`: the person's in the team concerned, with their posts.
    """
    where = words.matter.strip()[:20] or "记实条目"
    if words.kind not in KINDS or words.role not in ROLES:
        known = f"类别：{'、'.join(KINDS)}；作用：{'、'.join(ROLES)}。"
        raise ShijiError("LEDGER-KIND", "类别或本人作用不可用", where, known)
    if words.horizon not in HORIZONS[words.kind]:
        wrong = f"“{words.kind}”不能记为“{words.horizon or '未填'}”"
        raise ShijiError("LEDGER-HORIZON", wrong, where, "业绩须分显绩、潜绩。")
    if words.kind == DUTY and words.role in LATER:
        raise ShijiError(
            "LEDGER-ROLE", f"“{words.role}”不能记为责任", where, "责任随决策发生时的任职者；后任处置的记为中性记载。"
        )
    if len(words.matter.strip()) < 2 or len(words.text.strip()) < 5 or len(words.text) > 1000:
        raise ShijiError("LEDGER-WORDS", "事项和记载内容应填写，且不超过 1000 字", where, "")
    if bool(words.leniency_body.strip()) != bool(words.leniency_reason.strip()):
        raise ShijiError("LEDGER-WORDS", "容错认定须同时写明认定机关和理由", where, "")
    _check_days(words, where, today)
    _check_time(words, tenures, where)


def is_principal(title: str) -> bool:
    """Whether a post is that of a principal leader: 区委书记, 区委副书记、区长, 党组书记、主任; a deputy is not."""
    return any("副" not in part and _PRINCIPAL.search(part) for part in re.split(r"[、,，]", title))


def _check_days(words: EntryWords, where: str, today: date) -> None:
    days = [*words.decided_on, *(d for d in (words.implemented_from,) if d)]
    if not words.decided_on and words.implemented_from is None and not words.effects_on:
        raise ShijiError("LEDGER-DATES", "决策、实施、见效日期至少填写一项", where, "")
    if words.role in (*DECIDERS, INHERITED) and not words.decided_on:
        raise ShijiError("LEDGER-DATES", f"“{words.role}”须填写决策日期", where, "")
    if any(day > today for day in days):
        raise ShijiError("LEDGER-DATES", "决策、实施日期晚于今天", where, "请核对日期。")
    first, last = words.implemented_from, words.implemented_to
    if last is not None and (first is None or last < first):
        raise ShijiError("LEDGER-DATES", "实施区间起止颠倒或缺少起始", where, "请核对日期。")


def _check_time(words: EntryWords, tenures: Sequence[tuple[Span, str]], where: str) -> None:
    spans = [span for span, _title in tenures]
    if not spans:
        raise ShijiError("LEDGER-TENURE", "该同志没有在该班子任职的记录", where, "请核对名册和班子。")
    if not any(is_principal(title) for _span, title in tenures):
        raise ShijiError("LEDGER-PRINCIPAL", "记实对象为党政主要负责人", where, "副职的工作在干部档中反映。")
    inside = [held(spans, day) for day in words.decided_on]
    if words.role in DECIDERS and not all(inside):
        raise ShijiError(
            "LEDGER-TENURE", "决策发生时该同志不在任", where, "责任和业绩随决策发生时的任职者，请核对决策日期或作用。"
        )
    if words.kind == DUTY and words.decided_on and not all(inside):
        raise ShijiError(
            "LEDGER-TENURE", "决策或失职发生时该同志不在任，不能记为责任", where, "以发生时间为准，不以发现时间为准。"
        )
    if words.role in LATER and any(inside):
        raise ShijiError("LEDGER-ROLE", f"决策发生时该同志在任，不能记为“{words.role}”", where, "请改选作用。")
    if words.kind == MERIT and words.horizon == VISIBLE and not any(held(spans, d) for d in words.effects_on):
        raise ShijiError("LEDGER-EFFECT", "显绩须有任期内的见效日期", where, "任期后见效的记为潜绩。")
    if words.kind == MERIT and words.horizon == LATENT and any(held(spans, d) for d in words.effects_on):
        raise ShijiError("LEDGER-EFFECT", "任期内已见效的不是潜绩", where, "请改记显绩。")
