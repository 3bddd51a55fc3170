"""优秀名额 in exact rational arithmetic: band, feasible sizes, Hamilton apportionment, caps (domain.md §1.14, R-34).

Nothing here knows who is in a pool: the arithmetic gives numbers of seats, people fill them or leave them vacant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from storage.errors import ShijiError

LOW, HIGH = Fraction(15, 100), Fraction(20, 100)


@dataclass(frozen=True)
class PoolSize:
    """A pool in the approved order. members: all who are assessed; counted: those inside the quota base n."""

    name: str
    members: int
    counted: int


@dataclass(frozen=True)
class PoolQuota:
    """Seats of one pool. exact: its share of the total before rounding; remainder: the part that was cut off."""

    name: str
    members: int
    counted: int
    exact: Fraction
    seats: int

    @property
    def share(self) -> Fraction:
        """Seats over counted members; 0 for an empty pool."""
        return Fraction(self.seats, self.counted) if self.counted else Fraction(0)


@dataclass(frozen=True)
class Apportionment:
    """The whole plan. total: seats asked for; given: seats given out (fewer only where caps leave some over)."""

    total: int
    low: int
    high: int
    pools: tuple[PoolQuota, ...]
    warnings: tuple[str, ...]

    @property
    def given(self) -> int:
        return sum(pool.seats for pool in self.pools)

    @property
    def members(self) -> int:
        return sum(pool.members for pool in self.pools)

    @property
    def counted(self) -> int:
        return sum(pool.counted for pool in self.pools)


def seats_band(n: int, low: Fraction = LOW, high: Fraction = HIGH) -> tuple[int, int]:
    """lo = ceil(low·n), hi = floor(high·n). lo > hi means: no whole number of seats lies in the band."""
    if n < 0 or not 0 <= low <= high <= 1:
        raise ShijiError("QUOTA-BAND", f"基数或比例有误：{n}，{low}～{high}", "名额", "请核对等次方案。")
    return -((-low * n) // 1), (high * n) // 1


def feasible(n: int, low: Fraction = LOW, high: Fraction = HIGH) -> bool:
    """Whether a group of this size can keep the band by itself (not so for 1, 2, 3, 4, 7, 8, 9, 14 at 15-20 %)."""
    least, most = seats_band(n, low, high)
    return least <= most


def hamilton(sizes: Sequence[int], total: int, caps: Sequence[int] | None = None) -> list[int]:
    """Seats by largest remainder: q_k = n_k·T/N, floor, the rest to the largest fractional parts.

    A tie goes to the larger pool, then to the earlier one. caps: the most seats of each pool; what they cut off goes
    on to the next remainders, and stays vacant when every pool is at its cap.
    """
    everyone = sum(sizes)
    if total < 0 or any(size < 0 for size in sizes) or (everyone == 0 and total > 0):
        raise ShijiError("QUOTA-TOTAL", f"总名额或人数有误：{total}", "名额", "请核对各组数量。")
    if everyone == 0:
        return [0] * len(sizes)
    most = list(caps) if caps is not None else list(sizes)
    exact = [Fraction(size * total, everyone) for size in sizes]
    seats = [min(int(share // 1), cap) for share, cap in zip(exact, most, strict=True)]
    order = sorted(range(len(sizes)), key=lambda k: (-(exact[k] % 1), -sizes[k], k))
    while sum(seats) < total:
        open_pools = [k for k in order if seats[k] < most[k]]
        if not open_pools:
            break
        for k in open_pools[: total - sum(seats)]:
            seats[k] += 1
    return seats


def apportion(
    pools: Sequence[PoolSize], total: int, *, capped: bool = False, low: Fraction = LOW, high: Fraction = HIGH
) -> Apportionment:
    """Seats of every pool for an approved total, with what people must know before the meeting.

    capped: at most floor(high·n_k) in each pool. Raises ShijiError QUOTA-TOTAL when the total itself is outside the
    band of all counted, QUOTA-SMALL when no whole number lies in that band.
    """
    counted = [pool.counted for pool in pools]
    least, most = seats_band(sum(counted), low, high)
    if least > most:
        raise ShijiError(
            "QUOTA-SMALL", f"基数 {sum(counted)} 在{percent(low)}～{percent(high)}之间没有整数名额", "名额",
            "请与其他组合并核定，或按规定轮换。",
        )  # fmt: skip
    if not least <= total <= most:
        raise ShijiError(
            "QUOTA-TOTAL",
            f"总名额 {total} 不在 {least}～{most} 之内（基数 {sum(counted)}）",
            "名额",
            "请重新填写总名额。",
        )
    caps = [int((high * n) // 1) for n in counted] if capped else None
    seats = hamilton(counted, total, caps)
    shares = [Fraction(n * total, sum(counted)) for n in counted]
    rows = tuple(
        PoolQuota(pool.name, pool.members, pool.counted, share, got)
        for pool, share, got in zip(pools, shares, seats, strict=True)
    )
    return Apportionment(total, least, most, rows, _warnings(rows, total, least, low, high))


def size_warning(n: int, low: Fraction = LOW, high: Fraction = HIGH) -> str:
    """Why a pool of this size cannot have its own quota; empty when it can."""
    if n == 0 or feasible(n, low, high):
        return ""
    return f"{n} 个单独核定时在{percent(low)}～{percent(high)}之间没有整数名额，须并入总名额分配"


def percent(share: Fraction) -> str:
    """A share as percent, one decimal place half up, computed exactly: 22.2%."""
    tenths = (share * 2000 + 1) // 2
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def _warnings(
    rows: Sequence[PoolQuota], total: int, least: int, low: Fraction, high: Fraction
) -> tuple[str, ...]:  # fmt: skip
    found = []
    given = sum(row.seats for row in rows)
    if given < total:
        found.append(f"各组上限合计只有 {given} 个，比总名额少 {total - given} 个，少出的名额空缺")
    if given < least:
        found.append(f"分出的 {given} 个低于下限 {least} 个")
    for row in rows:
        if row.counted and row.seats == 0:
            found.append(f"{row.name}（{row.counted} 个）分得 0 个名额，须经研究合并分组或轮换，并作记录")
        elif row.counted and row.share > high:
            found.append(
                f"{row.name} {row.seats}/{row.counted} 为 {percent(row.share)}，高于{percent(high)}；比例以总数计"
            )
        elif row.counted and row.share < low:
            found.append(
                f"{row.name} {row.seats}/{row.counted} 为 {percent(row.share)}，低于{percent(low)}；比例以总数计"
            )
    return tuple(found)


def _share(row: PoolQuota) -> str:
    return f"{row.name} {row.seats}/{row.counted} 为 {percent(row.share)}"
