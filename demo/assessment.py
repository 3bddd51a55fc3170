"""The demo's assessment: two approved books and a draft, targets, quarterly figures, a survey, a snapshot.

Everything goes through the real services with the rights of the demo's accounts: 考核办 prepares, 处长 checks, 部长
approves. Values are invented; they follow from a few numbers in assessment.yaml, the same on every machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import book_acts, pins, simulation, surveys, targets
from appraisal.book import Indicator
from appraisal.figures import assessed_teams
from appraisal.periods import period_of
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.readings import applies
from appraisal.sheet_rows import SheetImport, SheetRow
from appraisal.store import catalogue, import_sheets, read_book
from appraisal.surveys import BallotRow
from appraisal.targets import TargetRow
from appraisal.year_book import Exemption, YearBook, parse_year_book
from demo.rows import read_yaml
from dossier.scope import Viewer, viewer_of
from storage.database import Database
from storage.tables import IndicatorBook, Team, User

HERE = Path(__file__).parent
LEVELS = ("G1", "G2", "G3", "G4", "G6")
RUNNING = ("level", "level_growth", "count")
SHEET_SHA = "0" * 64
DOCUMENTS = {2024: "澜组发〔2024〕2号", 2025: "澜组发〔2025〕3号"}


def fill_assessment(database: Database) -> bool:
    """Write the demo's assessment once; True when it was written now."""
    plan = read_yaml(HERE / "assessment.yaml")
    with database.read() as session:
        if session.scalar(select(IndicatorBook.id).limit(1)) is not None:
            return False
    with database.write() as session:
        kh, head, minister = (_viewer(session, login) for login in ("kh", "head", "min"))
        first = parse_year_book((HERE / "indicators" / "book.yaml").read_text(encoding="utf-8"))
        old = _approved(session, (kh, head, minister), first, "首次编制，依据市委年度考核办法")
        _targets(session, kh, minister, 2024, first, plan)
        _write(session, "2024年其余指标数据表.xlsx", list(_year_rows(session, plan, 2024)))
        _approved(session, (kh, head, minister), _book_2025(first, plan), "增加部门职能指标，降低地区生产总值权重", old)
        _targets(session, kh, minister, 2025, first, plan)
        _write(session, "历年季度累计数.xlsx", list(_past_quarters(plan)))
        _survey(session, kh, plan["survey"])
        for quarter, word in enumerate("一二三", start=1):
            _write(session, f"2025年{word}季度指标数据表.xlsx", list(_quarter_rows(session, plan, quarter)))
            if quarter == 2:  # the figure revised below was pinned; the quarters' own runs pin for themselves
                pins.make_pin(session, kh, period_of(2025, 2), "2025年二季度指标测算")
        _write(session, "规上工业增速修订.xlsx", [_revision(plan["revised"])])
        newest = session.scalars(select(IndicatorBook).where(IndicatorBook.year == 2025)).one()
        draft, _ = book_acts.copy_book(session, kh, newest.id, 2026, "编制2026年指标体系")
        simulation.simulate(session, kh, draft.id, "2024年")
    return True


def _approved(
    session: Session, people: tuple[Viewer, Viewer, Viewer], book: YearBook, note: str, copied_from: int | None = None
) -> int:
    """A book taken through simulation, check and approval."""
    kh, head, minister = people
    row = book_acts.create_draft(session, kh, book, note, copied_from)
    simulation.simulate(session, kh, row.id)
    book_acts.submit(session, kh, row.id)
    book_acts.check(session, head, row.id, True, "")
    book_acts.approve(session, minister, row.id, True, DOCUMENTS[book.year])
    return row.id


def _book_2025(first: YearBook, plan: Mapping[str, Any]) -> YearBook:
    """2025: GDP 12 to 10, air 7 to 9, and two indicators of function for each category of departments."""
    cards = dict(first.cards)
    cards["G1"] = replace(cards["G1"], weight=Decimal(10))
    cards["G9"] = replace(cards["G9"], weight=Decimal(9))
    for category, rows in plan["departments"].items():
        for (code, name, bad, good), weight in zip(rows, (60, 40), strict=True):
            cards[code] = Indicator(
                code, name, "%", "up", "ratio", "职能", "9c'", Decimal(weight), "MD02", "季",
                {"bad": Decimal(bad), "good": Decimal(good)}, category=category, valid_from=2025,
            )  # fmt: skip
    spared = tuple(Exemption(row["team"], row["code"], row["reason"]) for row in plan["spared_2025"])
    return replace(first, year=2025, cards=cards, exemptions=spared)


def _targets(
    session: Session, kh: Viewer, minister: Viewer, year: int, book: YearBook, plan: Mapping[str, Any]
) -> None:
    """Targets of all completion indicators; of 2025 one is still waiting for approval."""
    easy = plan["easy_2025"] if year == 2025 else {}
    hard = plan["targets_2025"] if year == 2025 else {}
    base, rows = year - 1, []
    for card, team in _pairs(session, book):
        if card.method != "9a" and card.code not in ("G1", "G2", "G3"):
            continue
        value, wish = _annual(plan, card, team, base), hard.get(card.code, {})
        rise = 1 + Decimal(plan["target_rise"]) / 100 if card.type in RUNNING else Decimal("1.01")
        aim = _rounded(plan, card.code, value * rise) if value > 0 else Decimal(1)
        reason, difficulty = wish.get("reason", ""), Decimal(wish.get("difficulty", 1))
        if card.code in easy:
            aim, reason = Decimal(easy[card.code]["value"]), easy[card.code]["reason"]
        rows.append(TargetRow(card.code, team, aim, difficulty, reason or "按上年实际和年度计划确定"))
    targets.propose_targets(session, kh, year, rows)
    waiting = targets.target_lines(session, year)
    left = 1 if year == 2025 else 0
    ids = [line.id for line in waiting][: len(waiting) - left]
    targets.approve_targets(session, minister, ids, f"澜组发〔{year}〕6号")


def _pairs(session: Session, book: YearBook) -> Iterator[tuple[Indicator, str]]:
    """Every indicator with the districts it applies to."""
    for team in assessed_teams(session):
        if team.category in DISTRICT_CATEGORIES:
            for card in book.cards.values():
                if applies(card, team):
                    yield card, team.id


def _annual(plan: Mapping[str, Any], card: Indicator, team: str, year: int) -> Decimal:
    """The invented value of a whole year."""
    if card.code in LEVELS:
        return _level(card.code, team, year)
    low, high = (Decimal(end) for end in plan["ranges"][card.code])
    grade = Decimal(plan["quality"][team] + _wiggle(card.code, team, year))
    if year > 2024:
        grade += plan["change_2025"][team]
    elif year < 2024:
        grade -= 3
    return _rounded(plan, card.code, low + (high - low) * grade / 100)


def _year_rows(session: Session, plan: Mapping[str, Any], year: int) -> Iterator[SheetRow]:
    """A year's figures of the indicators that the offices' own tables do not hold."""
    held = {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G9", "G12", "C1-3"}
    book = YearBook(year, read_book(session))
    for card, team in _pairs(session, book):
        if card.code not in held:
            yield _row(card.code, team, f"{year}年", _annual(plan, card, team, year), "核定", card.unit)


def _past_quarters(plan: Mapping[str, Any]) -> Iterator[SheetRow]:
    """Cumulative quarters of 2022 to 2024 of what is compared with earlier years."""
    for code in LEVELS:
        for year in (2022, 2023, 2024):
            for quarter in (1, 2, 3):
                period, part = period_of(year, quarter), Decimal(plan["season"][quarter])
                for team in plan["quality"]:
                    value = (_level(code, team, year) * part).quantize(Decimal("0.1"), ROUND_HALF_UP)
                    yield _row(code, team, period, value, "核定", "亿元", _official(code, team, year))
                if code == "G1":
                    yield _row(code, "", period, None, "核定", "亿元", Decimal(plan["city_growth"][year]))


def _quarter_rows(session: Session, plan: Mapping[str, Any], quarter: int) -> Iterator[SheetRow]:
    """A quarter of 2025: preliminary, and not yet out where the plan says so."""
    period, part = period_of(2025, quarter), Decimal(plan["season"][quarter])
    late = plan["late_2025Q3"] if quarter == 3 else {}
    book = YearBook(2025, read_book(session))
    status = "初步" if quarter == 3 else "核定"
    for card, team in _pairs(session, book):
        missing = late.get(card.code, ())
        growth = Decimal(plan["growth_2025"][team][quarter - 1])
        value: Decimal | None = _annual(plan, card, team, 2025 if card.code not in LEVELS else 2024)
        if value is not None and card.code in LEVELS:
            lift = growth if card.code in ("G1", "G6") else growth + Decimal(_wiggle(card.code, team, quarter)) / 2
            value = (value * part * (1 + lift / 100)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        elif value is not None and card.type in RUNNING:
            value = _rounded(plan, card.code, value * part)
        if missing == "all" or team in missing:
            value = None
        official = growth if card.code == "G1" else None
        yield _row(card.code, team, period, value, status if value is not None else "未出数", card.unit, official)
    yield _row("G1", "", period, None, status, "亿元", Decimal(plan["city_growth"][2025]))
    for office in assessed_teams(session):
        for code, _, bad, good in plan["departments"].get(office.category, ()):
            grade = 55 + 4 * _wiggle(code, office.id, quarter)
            rate = Decimal(bad) + (Decimal(good) - Decimal(bad)) * grade / 100
            yield _row(code, office.id, period, rate.quantize(Decimal("0.1"), ROUND_HALF_UP), status, "%")


def _revision(row: Mapping[str, Any]) -> SheetRow:
    found = _row(row["indicator"], row["team"], row["period"], Decimal(row["value"]), "修订", "%")
    return replace(found, basis_note=row["note"])


def _survey(session: Session, kh: Viewer, plan: Mapping[str, Any]) -> None:
    """A closed survey of all departments; two have few ballots of one class."""
    weights = {name: Decimal(weight) for name, weight in plan["classes"].items()}
    survey = surveys.open_survey(session, kh, plan["year"], plan["title"], weights)
    rows = []
    for team in assessed_teams(session):
        if team.category in DISTRICT_CATEGORIES:
            continue
        for name, size in zip(weights, (12, 39, 60), strict=True):
            count = 4 if name == "服务对象" and team.id in plan["small"] else size
            good = count * (55 + 4 * _wiggle(name, team.id, 0)) // 100
            fair = (count - good) * 3 // 4
            rows.append(BallotRow(team.id, name, {"好": good, "较好": fair, "一般": count - good - fair, "较差": 0}))
    surveys.put_ballots(session, survey.id, rows)
    surveys.close_survey(session, kh, survey.id)


def _write(session: Session, name: str, rows: list[SheetRow]) -> None:
    """Rows as an imported workbook of one sheet."""
    names = dict(session.execute(select(Team.id, Team.short)).all())
    providers = {code: names.get(card.provider, "") for code, card in catalogue(session).items()}
    placed = [replace(row, row=n, provider=providers[row.indicator]) for n, row in enumerate(rows, start=4)]
    sheet = SheetImport("数据", [row for row in placed if row.team], [row for row in placed if not row.team])
    import_sheets(session, [sheet], name, SHEET_SHA, _viewer(session, "kh").user_id)


def _row(
    code: str, team: str, period: str, value: Decimal | None, status: str, unit: str, growth: Decimal | None = None
) -> SheetRow:
    return SheetRow(
        0, team, "", "", code, period, value, "" if value is not None else status, unit, growth, "", status,
        "", None,
    )  # fmt: skip


def _level(code: str, team: str, year: int) -> Decimal:
    """A printed level of the offices' tables, 2021 to 2024; the one value that came late counts."""
    value = _series()[code]["values"][team][year - 2021]
    return Decimal("192.8") if isinstance(value, str) else Decimal(str(value))


def _official(code: str, team: str, year: int) -> Decimal | None:
    growth = _series()[code].get("growth", {}).get(team)
    return Decimal(str(growth[year - 2021])) if code == "G1" and growth and growth[year - 2021] is not None else None


def _rounded(plan: Mapping[str, Any], code: str, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1) if code in plan["whole"] else Decimal("0.1"), ROUND_HALF_UP)


def _wiggle(*words: object) -> int:
    """-6 to 6, always the same for the same words."""
    return zlib.crc32("|".join(map(str, words)).encode()) % 13 - 6


def _viewer(session: Session, login: str) -> Viewer:
    return viewer_of(session, session.scalars(select(User).where(User.login == login)).one())


@cache
def _series() -> dict[str, Any]:
    names = {
        "地区生产总值": "G1", "地方级财政收入": "G2", "全社会固定资产投资": "G3", "社会消费品零售总额": "G6",
        "新建亿元以上项目完成投资额": "G4",
    }  # fmt: skip
    found: dict[str, Any] = {}
    for table in read_yaml(HERE / "indicators" / "series.yaml")["tables"]:
        code = names.get(table["indicator"], "")
        if code and code not in found and len(table["years"]) == 4:
            found[code] = table
    return found
