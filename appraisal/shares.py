"""份额变动指数: whether a district's part of the city total grew (domain.md §1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from appraisal.book import Indicator
from appraisal.decimals import HUNDRED, PRECISION, plain, show, total
from storage.errors import ShijiError

Values = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Restatement:
    """The previous value on today's territory (boundary change, 托管), with its explanation."""

    value: Decimal
    note: str


@dataclass(frozen=True)
class ShareResult:
    """One team's shares. Shares and D are in percent and percentage points; R and N are ratios; None is undefined.

    D = 100·(s_t − s_t-1); R = 100·s_t/s_t-1; N = Δx/ΔX; growth = x_t/x_t-1 − 1 as a fraction (domain.md §1.6).
    """

    team: str
    x_prev: Decimal | None
    x_now: Decimal | None
    share_prev: Decimal | None
    share_now: Decimal | None
    D: Decimal | None
    R: Decimal | None
    N: Decimal | None
    growth: Decimal | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShareTable:
    """All teams of one comparison, in the order given (never sorted by value).

    label: "" or "不含××（缺报）"; provisional: a value is missing; gaps: published city total minus the sum
    (previous, now), where a published total was given: shown, never used.
    """

    results: Mapping[str, ShareResult]
    total_prev: Decimal | None
    total_now: Decimal | None
    growth: Decimal | None
    label: str = ""
    provisional: bool = False
    notes: tuple[str, ...] = ()
    gaps: tuple[Decimal | None, Decimal | None] = (None, None)


def share_change(
    values_prev: Values,
    values_now: Values,
    *,
    indicator: Indicator | None = None,
    names: Mapping[str, str] | None = None,
    on_missing: Literal["subset", "undefined"] = "subset",
    restated: Mapping[str, Restatement] | None = None,
    published: tuple[Decimal | None, Decimal | None] = (None, None),
    bases: tuple[str, str] | None = None,
) -> ShareTable:
    """Share change of every team between two periods, over the fixed set of teams in both mappings.

    values: team -> level in the indicator's unit, None where missing (缺报). names: team -> Chinese short name for
    the label. bases: the data version (口径) of each period; two different ones are refused.
    Raises ShijiError SHARE-NOT-ADDITIVE, SHARE-NEGATIVE (a level below 0), SHARE-MIXED-VERSIONS.
    """
    where = indicator.name if indicator else ""
    if indicator and not indicator.share_eligible:
        raise ShijiError("SHARE-NOT-ADDITIVE", "该指标不可加总，不能计算份额", where, "请改用增速或目标完成率")
    if bases and bases[0] != bases[1]:
        raise ShijiError(
            "SHARE-MIXED-VERSIONS", f"两期口径不一致：{bases[0]}、{bases[1]}", where, "请用同一版本的数据重算两期"
        )
    teams = list(dict.fromkeys([*values_prev, *values_now]))
    prev = {team: values_prev.get(team) for team in teams}
    now = {team: values_now.get(team) for team in teams}
    extra: dict[str, tuple[str, ...]] = {}
    for team, change in (restated or {}).items():
        raw = prev.get(team)
        extra[team] = (
            f"上期按现辖区重述：{plain(raw) if raw is not None else '缺报'} → {plain(change.value)}（{change.note}）",
        )
        prev[team] = change.value
    for team in teams:
        if any(value is not None and value < 0 for value in (prev[team], now[team])):
            raise ShijiError(
                "SHARE-NEGATIVE", "数值为负，份额没有意义", f"{where} {team}".strip(), "该指标不适用份额法"
            )
    missing = [team for team in teams if prev[team] is None or now[team] is None]
    kept = {team: (p, n) for team in teams if (p := prev[team]) is not None and (n := now[team]) is not None}
    label = "、".join((names or {}).get(team, team) for team in missing)
    if missing and on_missing == "undefined":
        kept = {}
        label = f"因{label}缺报，份额未定"
    elif missing:
        label = f"不含{label}（缺报）"
    total_prev = total(p for p, _ in kept.values()) if kept else None
    total_now = total(n for _, n in kept.values()) if kept else None
    notes, growth = _city(total_prev, total_now)
    results = {}
    for team in teams:
        if team in kept and total_prev is not None and total_now is not None:
            results[team] = _one(team, *kept[team], total_prev, total_now, extra.get(team, ()))
        else:
            reason = "缺报" if team in missing else "有单位缺报，份额未定"
            results[team] = ShareResult(
                team,
                prev[team],
                now[team],
                None,
                None,
                None,
                None,
                None,
                None,
                (*extra.get(team, ()), reason),
            )
    gaps = tuple(
        p - s if p is not None and s is not None else None
        for p, s in zip(published, (total_prev, total_now), strict=False)
    )
    return ShareTable(results, total_prev, total_now, growth, label, bool(missing), notes, (gaps[0], gaps[1]))


def _city(total_prev: Decimal | None, total_now: Decimal | None) -> tuple[tuple[str, ...], Decimal | None]:
    """Remarks on the city total, and its growth as a fraction."""
    if total_prev is None or total_now is None:
        return (), None
    if total_prev == 0 or total_now == 0:
        return ("合计为零，份额无意义",), None
    with localcontext(PRECISION):
        growth = total_now / total_prev - 1
    if total_now < total_prev:
        return ("全市总量下降，增量贡献不显示",), growth
    return (("全市总量未变，增量贡献无定义",) if total_now == total_prev else ()), growth


def _one(
    team: str, prev: Decimal, now: Decimal, total_prev: Decimal, total_now: Decimal, extra: tuple[str, ...]
) -> ShareResult:
    """One team with both values present."""
    notes = list(extra)
    share_prev = share_now = d = r = n = growth = None
    with localcontext(PRECISION):
        if total_prev and total_now:
            share_prev, share_now = HUNDRED * prev / total_prev, HUNDRED * now / total_now
            # One division instead of a difference of two rounded shares keeps ΣD at zero to the last digits.
            d = HUNDRED * (now * total_prev - prev * total_now) / (total_prev * total_now)
            if prev:
                r = HUNDRED * (now * total_prev) / (prev * total_now)
        if prev:
            growth = now / prev - 1
        # A shrinking city turns the sign of N round; domain.md §1.6 hides it there.
        if total_now > total_prev:
            n = (now - prev) / (total_now - total_prev)
    if prev == 0 and now > 0:
        notes.append("新增")
    elif prev > 0 and now == 0:
        notes.append("归零")
    return ShareResult(team, prev, now, share_prev, share_now, d, r, n, growth, tuple(notes))


def share_sentence(
    result: ShareResult, table: ShareTable, *, official_growth: Decimal | None = None, nominal: bool = False
) -> str:
    """One official sentence on a team's share: 总量增长 5.0%，慢于全市 0.56 个百分点，份额下降 0.28 个百分点。

    nominal: the levels are at current prices and growth must come from the statistics office (GDP): then no growth is
    computed here and official_growth (percent) is quoted if given (domain.md §1.1, §1.6).
    """
    if result.D is None:
        return "、".join(result.notes or table.notes or ("份额无定义",)) + "，不作份额比较。"
    move = show(abs(result.D))
    turn = "份额基本持平" if move == "0.00" else f"份额{'上升' if result.D > 0 else '下降'} {move} 个百分点"
    head = table.label + "，" if table.label else ""
    if nominal:
        real = "" if official_growth is None else f"，不变价增长 {show(official_growth, 1)}%（统计部门公布数）"
        return f"{head}按现价计{turn}{real}。"
    if result.growth is None or table.growth is None:
        return f"{head}本期新增，{turn}。"
    with localcontext(PRECISION):
        own, gap = result.growth * HUNDRED, (result.growth - table.growth) * HUNDRED
    pace = "与全市持平" if show(abs(gap)) == "0.00" else f"{'快' if gap > 0 else '慢'}于全市 {show(abs(gap))} 个百分点"
    return f"{head}总量{'增长' if own >= 0 else '下降'} {show(abs(own), 1)}%，{pace}，{turn}。"
