"""The running parts: one process each, health that tells, clean stops on SIGTERM, a roster taken over while running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from record_world import FixedTopics, collect, found
from sqlalchemy import select

from dossier import roster
from dossier.intake import Intake, retry_failed
from storage.database import Database
from storage.tables import Attribution, Document

SHIJI = [sys.executable, "-m", "api.cli"]
ROOT = Path(__file__).parents[2]


def shiji(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHIJI_DATA": str(folder)}
    return subprocess.run([*SHIJI, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(params=[("scheduler", ("schedule", "--no-work")), ("worker", ("work", "--watch"))], ids=lambda p: p[0])
def part(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[str, tuple[str, ...], Path, subprocess.Popen[bytes]]]:
    role, words = request.param
    environment = {**os.environ, "SHIJI_DATA": str(tmp_path)}
    running = subprocess.Popen(
        [*SHIJI, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert running.stdout is not None
    running.stdout.readline()  # says that it is running
    yield role, words, tmp_path, running
    if running.poll() is None:
        running.kill()
    running.wait()
    running.stdout.close()


def test_a_part_is_healthy_alone_and_stops_cleanly(
    part: tuple[str, tuple[str, ...], Path, subprocess.Popen[bytes]],
) -> None:
    role, words, folder, running = part
    assert shiji(folder, "health", role).returncode == 0
    second = shiji(folder, *words)
    assert second.returncode == 1
    assert f"{role.upper()}-LOCKED" in second.stderr
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=10) == 0
    gone = shiji(folder, "health", role)
    assert gone.returncode == 1
    assert "not running" in gone.stdout


def test_serve_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    environment = {**os.environ, "SHIJI_DATA": str(tmp_path), "SHIJI_PORT": "0"}
    running = subprocess.Popen(
        [*SHIJI, "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    for line in running.stderr:
        if "scheduler started" in line:
            break
    time.sleep(1)
    running.send_signal(signal.SIGTERM)
    said = running.stderr.read()
    assert running.wait(timeout=15) == 0
    assert "scheduler stopped" in said
    running.stderr.close()


def test_an_imported_roster_counts_from_the_next_document(database: Database) -> None:
    found(database)
    intake = Intake(database, FixedTopics(), "fixed")
    collect(database, "ribao", "甲", "2025-09-04 08:30", "9月3日，听澜新区推行楼栋议事长制度，目前已在41个小区运行。")
    intake.run()
    with database.write() as session:
        known = roster.load(session)
        added = replace(known.teams[0], id="D11", full="听澜新区", aliases=("听澜新区管委会",), ambiguous=())
        roster.write(session, roster.RosterData(teams=(added,)))
    collect(database, "ribao", "乙", "2025-09-05 08:30", "9月4日，听澜新区推行一站式服务制度，目前已办件3100件。")
    intake.run()
    with database.read() as session:
        teams = session.scalars(select(Attribution.team_id).order_by(Attribution.id)).all()
    assert "D11" in teams


def test_failed_documents_can_be_tried_again(database: Database) -> None:
    found(database)
    document_id = collect(
        database, "ribao", "甲", "2025-09-04 08:30", "9月3日，望澜区推行楼栋议事长制度，已在41个小区运行。"
    )
    with database.write() as session:
        document = session.get_one(Document, document_id)
        document.stage, document.attempts = "failed", 3
    assert retry_failed(database) == 1
    Intake(database, FixedTopics(), "fixed").run()
    with database.read() as session:
        assert session.get_one(Document, document_id).stage == "filed"
