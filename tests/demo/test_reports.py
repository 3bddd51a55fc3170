"""The demo's submitted reports: the committed files are what the sources build, and they read back whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from collector.office.read import read_file
from demo.build_reports import FOLDER, TRUTH, build
from nlp.roster import load_roster

REPORTS = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
ROSTER = load_roster(TRUTH.parent / "roster.yaml")


def squashed(text: str) -> str:
    return "".join(text.split())


def test_committed_files_are_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert len(built) == 12
    committed = {p.relative_to(FOLDER) for p in FOLDER.rglob("*") if p.is_file()}
    assert committed == {p.relative_to(tmp_path) for p in built}
    for path in built:
        assert path.read_bytes() == (FOLDER / path.relative_to(tmp_path)).read_bytes(), path.name


@pytest.mark.parametrize("report", REPORTS, ids=lambda r: r["id"])
def test_reader_gives_every_paragraph_and_no_deletion(report: dict) -> None:
    read = read_file(FOLDER / report["folder"] / report["file"])
    text = squashed(read.text)
    for paragraph in report["paragraphs"]:
        assert squashed(paragraph["text"]) in text
    if "deleted" in report:
        assert report["deleted"] not in text
    if "table" in report:
        assert read.tables
        cells = {cell for table in read.tables for row in table for cell in row}
        assert set(report["table"]["header"]) <= cells


def test_mix_of_formats_and_traps() -> None:
    formats = [r["format"] for r in REPORTS]
    assert {f: formats.count(f) for f in set(formats)} == {"docx": 4, "pdf": 3, "xlsx": 3, "txt": 2}
    assert [r["id"] for r in REPORTS if r.get("quarantine")] == ["R12"]
    assert {p["sub"] for r in REPORTS if r["folder"] == "MB05" for p in r["paragraphs"]} >= {"ZD7"}
    ranking = next(r["table"]["ranking"] for r in REPORTS if r["id"] == "R08")
    departments = {t.aliases[-1] for t in ROSTER.teams if not t.is_district}
    assert {row[0] for row in ranking} == departments
    assert [row[0] for row in ranking].index("市住建局") == 35
    assert [row[2] for row in ranking] == sorted((row[2] for row in ranking), reverse=True)
