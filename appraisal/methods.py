"""From an indicator card to the scores of a group of teams: one door to every method."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from appraisal.bands import BAND_POINTS, COEFFICIENTS, RATINGS, position_bands, rating_band, standard_bands
from appraisal.book import Indicator
from appraisal.decimals import HUNDRED, TIE
from appraisal.indices import DEFAULT_ALPHA, Anchors, combine
from appraisal.proportional import (
    Direction,
    anchored,
    completion,
    interval,
    inverse,
    min_max,
    plus_minus,
    ratio_to_best,
)
from appraisal.ranking import assert_comparable, assert_one_category, assert_rankable
from appraisal.score import Score, no_score
from appraisal.votes import GRADES, survey
from storage.errors import ShijiError


@dataclass(frozen=True)
class GroupData:
    """What a method may need of the teams of one comparison, by team; a method reads only its own part.

    values and targets in the indicator's unit; city: the city's level for 9f; ballots for 9g; ratings for 10c;
    share_change (D, percentage points) and growth_index (G) for 1.8.
    """

    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    targets: Mapping[str, Decimal | None] = field(default_factory=dict)
    city: Decimal | None = None
    ballots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    ratings: Mapping[str, str | None] = field(default_factory=dict)
    share_change: Mapping[str, Decimal | None] = field(default_factory=dict)
    growth_index: Mapping[str, Decimal | None] = field(default_factory=dict)


def score_group(indicator: Indicator, data: GroupData, categories: Mapping[str, str]) -> dict[str, Score]:
    """Scores (0-100 scale) of the teams in `categories` (team -> category) by the indicator's method and params.

    A 类别 indicator takes teams of its own category only and a 特色 indicator its own team only. Methods whose result
    depends on who is compared (9b, 9c, 1.8 without anchors) refuse a group that `assert_comparable` refuses; 10b takes
    one category only, and never GDP. Results keep the order of `categories`.
    Raises ShijiError RANK-FORBIDDEN, COMPARE-CATEGORY, INDICATOR-SCOPE or METHOD-PARAMETER (bad params).
    """
    strangers = [
        team
        for team, category in categories.items()
        if (indicator.category and category != indicator.category) or (indicator.team and team != indicator.team)
    ]
    if strangers:
        raise ShijiError(
            "INDICATOR-SCOPE",
            f"{'、'.join(strangers)}不属于该指标的范围",
            f"{indicator.code} {indicator.name}",
            "请只计本类别或本单位",
        )
    if indicator.method == "10b":
        assert_rankable(indicator)
        assert_one_category(categories)
    elif indicator.method in ("9b", "9c") or (indicator.method == "1.8" and not _fixed(indicator)):
        assert_comparable(indicator, categories)
    teams = tuple(categories)
    try:
        return _SCORERS[indicator.method](indicator, indicator.params, data, teams)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ShijiError(
            "METHOD-PARAMETER",
            f"方法 {indicator.method} 的参数不全或有误：{error}",
            f"{indicator.code} {indicator.name}",
            "请检查指标体系中的 params",
        ) from error


_Params = Mapping[str, Any]
_Scorer = Callable[[Indicator, _Params, GroupData, tuple[str, ...]], dict[str, Score]]


def _fixed(indicator: Indicator) -> bool:
    """Whether a 1.8 score rests on fixed anchors alone, so that nobody else's value moves it."""
    return bool(indicator.params.get("share") and indicator.params.get("growth"))


def _values(data: GroupData, teams: tuple[str, ...]) -> dict[str, Decimal | None]:
    return {team: data.values.get(team) for team in teams}


def _way(indicator: Indicator) -> Direction:
    if indicator.direction == "range":
        raise ShijiError(
            "METHOD-PARAMETER", "适度指标没有优劣方向", f"{indicator.code} {indicator.name}", "请改用区间法 9e"
        )
    return indicator.direction


def _completion(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: completion(
            data.values.get(team),
            data.targets.get(team),
            cap=params.get("cap", Decimal(1)),
            slope=params.get("slope"),
        )
        for team in teams
    }


def _best(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return ratio_to_best(_values(data, teams))


def _min_max(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return min_max(
        _values(data, teams),
        floor=params.get("floor", Decimal("0.6")),
        equal=params.get("equal", Decimal(1)),
        direction=_way(indicator),
    )


def _anchored(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: anchored(
            data.values.get(team),
            bad=params["bad"],
            good=params["good"],
            low=params.get("low", Decimal(60)),
            high=params.get("high", HUNDRED),
        )
        for team in teams
    }


def _inverse(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: inverse(
            data.values.get(team),
            data.targets.get(team),
            cap=params.get("cap", Decimal(1)),
            form=params.get("form", "ratio"),
        )
        for team in teams
    }


def _interval(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: interval(data.values.get(team), lower=params["lower"], upper=params["upper"], slope=params["slope"])
        for team in teams
    }


def _plus_minus(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: plus_minus(
            data.values.get(team),
            data.city,
            base=params["base"],
            step=params["step"],
            per_step=params["per_step"],
            limit=params["limit"],
            direction=_way(indicator),
        )
        for team in teams
    }


def _survey(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    grades = params.get("grades", GRADES)
    return {
        team: survey(data.ballots[team], grades=grades) if team in data.ballots else no_score("未开展测评")
        for team in teams
    }


def _standards(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {
        team: standard_bands(
            data.values.get(team),
            params["standards"],
            floor=params.get("floor", Decimal(0)),
            coefficients=params.get("coefficients", COEFFICIENTS),
        )
        for team in teams
    }


def _positions(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return position_bands(
        _values(data, teams),
        points=params.get("points", BAND_POINTS),
        direction=_way(indicator),
        tie=params.get("tie", TIE),
    )


def _ratings(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    return {team: rating_band(data.ratings.get(team), ratings=params.get("ratings", RATINGS)) for team in teams}


def _share_growth(indicator: Indicator, params: _Params, data: GroupData, teams: tuple[str, ...]) -> dict[str, Score]:
    def ends(key: str) -> Anchors | None:
        pair = params.get(key)
        return Anchors(pair["bad"], pair["good"]) if pair else None

    joined = combine(
        {team: data.share_change.get(team) for team in teams},
        {team: data.growth_index.get(team) for team in teams},
        alpha=params.get("alpha", DEFAULT_ALPHA),
        share_anchors=ends("share"),
        growth_anchors=ends("growth"),
    )
    return {team: joined[team].score for team in teams}


_SCORERS: Mapping[str, _Scorer] = {
    "9a": _completion,
    "9b": _best,
    "9c": _min_max,
    "9c'": _anchored,
    "9d": _inverse,
    "9e": _interval,
    "9f": _plus_minus,
    "9g": _survey,
    "10a": _standards,
    "10b": _positions,
    "10c": _ratings,
    "1.8": _share_growth,
}
