"""The demo city's tables and the printed vectors T5 and T6 (domain.md Appendix A.3)."""

from decimal import Decimal
from pathlib import Path

import yaml

from appraisal.book import load_book
from appraisal.growth import GrowthSeries
from appraisal.sheets import SheetImport, read_indicator_sheet

FOLDER = Path(__file__).parents[2] / "demo" / "indicators"
BOOK = load_book(FOLDER / "book.yaml")
AREAS = yaml.safe_load((FOLDER / "areas.yaml").read_text(encoding="utf-8"))["areas"]
CATEGORIES = {area["team"]: area["category"] for area in AREAS}
TEAMS = {key: area["team"] for area in AREAS for key in (area["name"], area["code"])}
YEARS = ("2021年", "2022年", "2023年", "2024年")

# id: s2023, s2024, D, R, N, g 3y real, G, F_D, F_G, C
T5 = {
    "D01": "18.782 18.686 -0.096 99.49 0.1681 5.233 99.75 74.87 81.54 78.87",
    "D02": "14.468 14.312 -0.156 98.92 0.1126 4.800 99.34 71.22 79.43 76.15",
    "D03": "11.441 11.101 -0.340 97.03 0.0445 1.965 96.65 60.00 65.66 63.40",
    "D04": "8.204 8.333 0.129 101.57 0.1086 7.500 101.90 88.57 92.55 90.96",
    "D05": "5.674 5.666 -0.008 99.86 0.0551 4.898 99.43 80.23 79.91 80.04",
    "D06": "14.168 14.350 0.182 101.28 0.1791 6.800 101.23 91.79 89.15 90.21",
    "D07": "10.926 11.242 0.317 102.90 0.1745 9.033 103.35 100.00 100.00 100.00",
    "D08": "4.899 4.861 -0.038 99.22 0.0411 4.533 99.08 78.37 78.14 78.23",
    "D09": "3.281 3.016 -0.265 91.93 -0.0217 0.800 95.54 64.56 60.00 61.83",
    "D10": "8.158 8.432 0.274 103.36 0.1380 7.055 101.47 97.41 90.39 93.20",
}
# id: D, R, N, CAGR 2021-24, G
T6 = {
    "D01": "-0.283 98.53 0.1118 3.896 99.07",
    "D02": "-0.258 98.26 0.0745 3.101 98.31",
    "D03": "-0.524 94.05 -0.0621 -1.768 93.67",
    "D04": "0.190 102.31 0.1366 8.001 102.98",
    "D05": "0.023 100.48 0.0559 5.170 100.28",
    "D06": "0.272 101.60 0.2484 6.364 101.42",
    "D07": "0.572 104.26 0.2981 9.726 104.63",
    "D08": "0.011 100.40 0.0311 4.823 99.95",
    "D09": "-0.456 85.48 -0.0994 -2.793 92.69",
    "D10": "0.453 106.02 0.2050 7.406 102.41",
}


def table(name: str) -> SheetImport:
    """One committed demo table, read as an officer's upload is."""
    return read_indicator_sheet(FOLDER / f"{name}.xlsx", book=BOOK, teams=TEAMS)


def levels(sheet: SheetImport, period: str) -> dict[str, Decimal | None]:
    return {row.team: row.value for row in sheet.rows if row.period == period}


def series(sheet: SheetImport) -> tuple[dict[str, GrowthSeries], GrowthSeries]:
    """Every district's and the city's levels and official growth over the four years."""

    def one(rows: list) -> GrowthSeries:
        by_period = {row.period: row for row in rows}
        return GrowthSeries(
            tuple(by_period[year].value for year in YEARS), tuple(by_period[year].growth for year in YEARS[1:])
        )

    return {team: one([row for row in sheet.rows if row.team == team]) for team in CATEGORIES}, one(sheet.totals)


def printed(text: str) -> list[Decimal]:
    return [Decimal(word) for word in text.split()]
