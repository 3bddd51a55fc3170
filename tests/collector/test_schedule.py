"""The clock: one process, due order, own intervals, clean stop; and why a source is silent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector.errors import CollectorError
from collector.once import collect_once
from collector.registry import ensure_report_sources, load_sources, register_sources
from collector.schedule import Scheduler, due_sources, hold_lock, recently_asked
from collector.silence import FAILING, LOST, NEVER, NORMAL, QUIET, silence
from storage.archive import Archive
from storage.database import Database
from storage.settings import Settings
from storage.tables import Category, Document, Run, Source, Team, Zone, now
from tests.collector.mockweb import MockWeb, article, rss

MOMENT = datetime(2025, 3, 5, tzinfo=UTC)
BODY = [
    "全市冬修水利现场会提出，年底前完成病险水库除险加固十二座，责任落实到县到乡。",
    "会议要求压实责任，按月通报进度。",
]


@pytest.fixture
def web() -> Iterator[MockWeb]:
    web = MockWeb()
    for name in ("a", "b"):
        web.pages[f"/{name}.xml"] = (200, {}, rss([(f"{web.url}/{name}1", f"{name}地召开冬修水利现场会", "")]))
        web.html(f"/{name}1", article(f"{name}地召开冬修水利现场会", [*BODY, name * 9]))
    yield web
    web.close()


def row(web: MockWeb, key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "name": key, "kind": "feed", "url": f"{web.url}/{key}.xml", "permission": "公开",
            "rate_seconds": 0.0, **more}  # fmt: skip


def settings(tmp_path: Path, web: MockWeb) -> Settings:
    return Settings(data_text=str(tmp_path / "data"), allow_private=web.host)


def register(database: Database, *rows: dict[str, Any]) -> None:
    with database.write() as session:
        register_sources(session, {"sources": list(rows)})
        ensure_report_sources(session)


def eventually(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not check():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def count(database: Database) -> int:
    with database.read() as session:
        return len(session.scalars(select(Document.id)).all())


def test_scheduler_visits_due_sources_empties_the_inbox_and_calls_work(
    database: Database, tmp_path: Path, web: MockWeb
) -> None:
    register(database, row(web, "a"), row(web, "b"), row(web, "missing"), row(web, "off", enabled=False))
    options = settings(tmp_path, web)
    options.inbox.mkdir(parents=True)
    (options.inbox / "报告.txt").write_text("关于冬修水利的报告\n全区完成清淤三十二公里，投入资金一千二百万元。\n")
    called: list[int] = []

    def work() -> None:
        called.append(count(database))
        raise ValueError("work that fails must not stop the clock")

    scheduler = Scheduler(database, Archive(tmp_path / "o"), options, work, tick_seconds=0.2)
    scheduler.start()
    try:
        eventually(lambda: count(database) == 3 and 3 in called)
        with database.read() as session:
            eventually(lambda: len(session.scalars(select(Run.id)).all()) >= 3)
    finally:
        scheduler.stop()
    with database.read() as session:
        runs = {r.source_id: r.status for r in session.scalars(select(Run))}
        due = {s.id: s.next_due_at for s in session.scalars(select(Source))}
    assert runs == {"a": "ok", "b": "ok", "missing": "failed"}
    assert due["a"] is not None
    assert timedelta(minutes=58) < due["a"] - now() <= timedelta(minutes=60)
    assert due["off"] is None


def test_a_free_worker_takes_the_next_source_without_waiting_for_a_tick(
    database: Database, tmp_path: Path, web: MockWeb
) -> None:
    register(database, row(web, "a"), row(web, "b"), row(web, "missing"))  # one host: one after the other
    scheduler = Scheduler(database, Archive(tmp_path / "o"), settings(tmp_path, web), tick_seconds=3600)
    scheduler.start()
    try:
        eventually(lambda: count(database) == 2)
    finally:
        scheduler.stop()
    assert len([path for path, _ in web.asked if path == "/a.xml"]) == 1


def test_a_new_process_leaves_alone_whom_the_killed_one_may_have_just_asked(
    database: Database, tmp_path: Path, web: MockWeb
) -> None:
    register(database, row(web, "a", rate_seconds=20.0), row(web, "b", rate_seconds=0.0))
    scheduler = Scheduler(database, Archive(tmp_path / "o"), settings(tmp_path, web), tick_seconds=0.1)
    with database.write() as session:
        session.add(Run(source_id="a", started_at=now() - timedelta(minutes=1)))
        session.flush()
        assert recently_asked(session, now()) == {web.host: 20.0}
    scheduler.start()
    time.sleep(0.5)
    scheduler.stop()
    assert web.asked == []
    with database.write() as session:
        (run,) = session.scalars(select(Run))
        run.finished_at = now() - timedelta(seconds=30)
        session.flush()
        assert recently_asked(session, now()) == {}


def test_stop_does_not_wait_for_polite_gaps(database: Database, tmp_path: Path, web: MockWeb) -> None:
    register(database, row(web, "a", rate_seconds=60.0))
    scheduler = Scheduler(database, Archive(tmp_path / "o"), settings(tmp_path, web), tick_seconds=0.1)
    scheduler.start()
    eventually(lambda: bool(web.asked))
    began = time.monotonic()
    scheduler.stop()
    assert time.monotonic() - began < 5
    with database.read() as session:
        (run,) = session.scalars(select(Run))
        assert run.error_code == "FETCH-STOPPED"
        assert [s.id for s in due_sources(session, now())] == ["a"]


def test_only_one_process_schedules(database: Database, tmp_path: Path, web: MockWeb) -> None:
    held = hold_lock(tmp_path / "data")
    other = (
        "import sys; from pathlib import Path; from collector.schedule import hold_lock; hold_lock(Path(sys.argv[1]))"
    )
    second = subprocess.run([sys.executable, "-c", other, str(tmp_path / "data")], capture_output=True, text=True)
    assert second.returncode == 1
    assert "SCHEDULER-LOCKED" in second.stderr
    scheduler = Scheduler(database, Archive(tmp_path / "o"), settings(tmp_path, web))
    with pytest.raises(CollectorError, match="SCHEDULER-LOCKED"):
        scheduler.start()
    held.close()
    left = tmp_path / "o" / "ab" / "cd" / ".partial-x"  # by a writer that was killed
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    scheduler.start()
    scheduler.stop()
    assert not left.exists()
    hold_lock(tmp_path / "data").close()


def test_due_order(database: Database, web: MockWeb) -> None:
    register(database, *(row(web, name) for name in ("late", "never", "later", "future", "off")))
    with database.write() as session:
        for name, due in (("late", -30), ("later", -60), ("future", 60), ("off", -90)):
            source = session.get_one(Source, name)
            source.next_due_at = MOMENT + timedelta(minutes=due)
            source.enabled = name != "off"
    with database.read() as session:
        assert [s.id for s in due_sources(session, MOMENT)] == ["never", "later", "late"]


def test_collect_once_reports_every_run_and_survives_failures(database: Database, tmp_path: Path, web: MockWeb) -> None:
    register(database, row(web, "a"), row(web, "b"), row(web, "missing"), row(web, "off", enabled=False))
    seen: list[str] = []
    collected = collect_once(
        database, Archive(tmp_path / "o"), settings(tmp_path, web), lambda run: seen.append(run.source_id)
    )
    assert sorted((r.source_id, r.status, r.new) for r in collected.runs) == [
        ("a", "ok", 1), ("b", "ok", 1), ("missing", "failed", 0)
    ]  # fmt: skip
    assert sorted(seen) == ["a", "b", "missing"]
    assert count(database) == 2


# --- the register ---


def test_registering_again_keeps_what_was_learned(database: Database, web: MockWeb) -> None:
    register(database, row(web, "a"))
    with database.write() as session:
        source = session.get_one(Source, "a")
        source.etag, source.failures, source.body_sha256 = "e", 3, "f"
    register(database, row(web, "a", name="新名称", every_minutes=45))
    with database.read() as session:
        source = session.get_one(Source, "a")
        assert (source.name, source.every_minutes, source.etag, source.failures) == ("新名称", 45, "e", 3)
    register(database, row(web, "a", url=web.url + "/b.xml"))
    with database.read() as session:
        assert (session.get_one(Source, "a").etag, session.get_one(Source, "a").body_sha256) == ("", "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "ftp"}, "SOURCE-FIELD"),
        ({"url": "file:///etc/passwd"}, "FETCH-URL"),
        ({"url": ""}, "FETCH-URL"),
        ({"permission": ""}, "SOURCE-PERMISSION"),
        ({"rate_seconds": -1}, "SOURCE-FIELD"),
        ({"rate_seconds": "fast"}, "SOURCE-FIELD"),
        ({"every_minutes": 0}, "SOURCE-FIELD"),
        ({"enabled": "yes"}, "SOURCE-FIELD"),
        ({"level": "乡"}, "SOURCE-FIELD"),
        ({"owner_team": "D99"}, "SOURCE-TEAM"),
        ({"kind": "list"}, "SOURCE-SELECTOR"),
        ({"config": {"selectr": "a"}}, "SOURCE-CONFIG"),
        ({"config": {"hosts": "a.example"}}, "SOURCE-CONFIG"),
        ({"kind": "list", "config": {"selector": "a", "max_pages": 0}}, "SOURCE-FIELD"),
        ({"color": "red"}, "SOURCE-FIELD"),
        ({"name": " "}, "SOURCE-FIELD"),
    ],
)
def test_wrong_sources_are_refused_with_their_row(
    database: Database, web: MockWeb, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(CollectorError) as refused:
        register(database, row(web, "a"), {**row(web, "b"), **change})
    assert refused.value.code == code
    with database.read() as session:
        assert session.scalars(select(Source)).all() == []


def test_two_sources_with_one_id_are_refused(database: Database, web: MockWeb) -> None:
    with pytest.raises(CollectorError, match="SOURCE-DOUBLE"):
        register(database, row(web, "a"), row(web, "a"))


def test_owner_and_file(database: Database, web: MockWeb, tmp_path: Path) -> None:
    with database.write() as session:
        session.add_all([Category(id="c"), Zone(id="z", name="z")])
        session.flush()
        session.add(Team(id="D01", full="望澜区", short="望澜", category_id="c", zone_id="z"))
    register(database, row(web, "a", owner_team="D01", official=True))
    with database.read() as session:
        assert session.get_one(Source, "a").owner_team_id == "D01"
    bad = tmp_path / "bad.yaml"
    bad.write_text("sources: [")
    for path in (bad, tmp_path / "none.yaml"):
        with pytest.raises(CollectorError, match="SOURCE-FILE"):
            load_sources(path)


# --- silence ---


def source(**values: Any) -> Source:
    return Source(**{"id": "s", "name": "s", "kind": "feed", "enabled": True, "every_minutes": 60, "failures": 0,
                     "config": {}, "last_success_at": None, "last_new_at": None, **values})  # fmt: skip


AGO = {
    "hour": MOMENT - timedelta(hours=1),
    "hours": MOMENT - timedelta(hours=3, minutes=1),
    "week": MOMENT - timedelta(days=8),
}


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, NEVER),
        ({"enabled": False, "last_success_at": AGO["hour"], "last_new_at": AGO["hour"]}, NEVER),
        ({"failures": 1}, FAILING),
        ({"failures": 4}, LOST),
        ({"last_success_at": AGO["hour"], "last_new_at": AGO["hour"]}, NORMAL),
        ({"last_success_at": AGO["hour"], "last_new_at": AGO["week"]}, QUIET),
        ({"last_success_at": AGO["hour"]}, QUIET),
        ({"last_success_at": AGO["hour"], "last_new_at": AGO["week"], "config": {"quiet_days": 30}}, NORMAL),
        ({"last_success_at": AGO["hour"], "last_new_at": AGO["hour"], "failures": 1}, FAILING),
        ({"last_success_at": AGO["hours"], "last_new_at": AGO["hours"], "failures": 2}, LOST),
        ({"last_success_at": AGO["hours"], "last_new_at": AGO["hours"]}, LOST),
        ({"last_success_at": AGO["hours"], "last_new_at": AGO["hours"], "every_minutes": 120}, NORMAL),
        ({"kind": "folder", "id": "inbox"}, NORMAL),
        ({"kind": "folder"}, NEVER),
        ({"kind": "folder", "last_success_at": AGO["hour"]}, NORMAL),
    ],
)
def test_silence_states(values: dict[str, Any], state: str) -> None:
    assert silence(source(**values), MOMENT) == state


@given(st.integers(0, 50), st.integers(1, 5000), st.integers(0, 20000))
def test_a_source_out_of_reach_never_looks_calm(failures: int, every: int, ago: int) -> None:
    seen = source(
        failures=failures, every_minutes=every, last_success_at=MOMENT - timedelta(minutes=ago), last_new_at=MOMENT
    )
    state = silence(seen, MOMENT)
    assert (state in {NORMAL, QUIET}) == (failures == 0 and ago <= 3 * every)
