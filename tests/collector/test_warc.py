"""Archived responses: whole or not at all, readable after any kill, nothing quarantined kept."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from collector.errors import CollectorError
from collector.fetch import Answer, Client
from collector.once import collect_once
from collector.registry import register_sources
from collector.warc import Recorder
from collector.warc_check import check_file
from storage.archive import Archive
from storage.backup import backup, restore
from storage.database import Database
from storage.settings import Settings
from storage.tables import Capture, Document, Quarantine, Source
from storage.warc import WarcFolder, sound_length
from tests.collector.mockweb import MockWeb, article, rss

DAY = datetime(2025, 3, 5, 17, 30, tzinfo=UTC)  # 6 March in China
URL = "http://a.example/x"


def answer(body: bytes = "<p>正文</p>".encode(), status: int = 200, **headers: str) -> Answer:
    return Answer(status, {}, body, tuple(headers.items()), "OK" if status == 200 else "")


def recorder(folder: Path, **given: Any) -> Recorder:
    return Recorder(WarcFolder(folder), clock=lambda: DAY, **given)


def records(folder: Path) -> list[tuple[Any, bytes]]:
    found = []
    for path in WarcFolder(folder).files():
        with path.open("rb") as file:
            found += [(r, r.content_stream().read()) for r in ArchiveIterator(file, check_digests="raise")]
    return [(record, body) for record, body in found if record.rec_type != "warcinfo"]


@pytest.fixture
def web() -> Iterator[MockWeb]:
    web = MockWeb()
    yield web
    web.close()


def test_every_answer_of_a_source_is_kept_with_its_headers(web: MockWeb, tmp_path: Path) -> None:
    page = article("标题", ["第一段。"]).encode()
    web.pages["/go"] = (302, {"Location": "/a", "X-Seen": "one"}, b"")
    web.pages["/a"] = (200, {"Content-Type": "text/html; charset=utf-8", "ETag": '"7"', "X-Seen": "two"}, page)
    web.pages["/gone"] = (404, {"X-Seen": "three"}, b"no such page")
    client = Client(frozenset({web.host}), recorder=recorder(tmp_path))
    ask = {"hosts": frozenset({web.host}), "rate_seconds": 0.0, "source_id": "市报"}
    client.fetch(web.url + "/go", **ask)
    with pytest.raises(CollectorError):
        client.fetch(web.url + "/gone", **ask)
    client.fetch(web.url + "/a", **{**ask, "source_id": ""})  # a preview leaves nothing behind
    assert [p.name for p in WarcFolder(tmp_path).files("市报")] == ["2025-03-06.warc.gz"]
    kept = records(tmp_path)
    seen = [(r.rec_headers.get_header("WARC-Target-URI"), r.http_headers.get_statuscode()) for r, _ in kept]
    assert seen == [
        (web.url + "/robots.txt", "404"), (web.url + "/go", "302"), (web.url + "/a", "200"), (web.url + "/gone", "404"),
    ]  # fmt: skip
    record, body = kept[2]
    assert body == page
    assert record.http_headers.get_header("ETag") == '"7"'
    assert record.rec_headers.get_header("WARC-Date") == "2025-03-05T17:30:00.000000Z"
    assert record.rec_headers.get_header("WARC-Payload-Digest") == f"sha256:{hashlib.sha256(page).hexdigest()}"
    assert kept[3][0].rec_headers.get_header("WARC-Truncated") == "unspecified"


def test_304_and_the_same_body_again_are_revisits(tmp_path: Path) -> None:
    writer = recorder(tmp_path)
    for given_answer in (answer(), answer(), answer(b"", 304, ETag='"1"'), answer(b"other"), answer()):
        writer.write("s", URL, given_answer)
    kept = records(tmp_path)
    assert [r.rec_type for r, _ in kept] == ["response", "revisit", "revisit", "response", "response"]
    assert kept[1][0].rec_headers.get_header("WARC-Profile").endswith("identical-payload-digest")
    assert kept[2][0].rec_headers.get_header("WARC-Profile").endswith("server-not-modified")
    assert kept[2][0].http_headers.get_header("ETag") == '"1"'


def test_packing_and_odd_headers_do_not_spoil_a_record(tmp_path: Path) -> None:
    odd = {"Content-Encoding": "br", "Content-Length": "3", "X-Name": "澜宁\xff 100%"}
    recorder(tmp_path).write("s", URL, answer(b"long body", **odd))
    [(record, body)] = records(tmp_path)
    assert body == b"long body"
    assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "br"
    assert record.http_headers.get_header("Content-Length") == "9"
    assert "%E6%BE%9C" in record.http_headers.get_header("X-Name")


@given(cut=st.integers(min_value=1, max_value=5000))
def test_a_file_torn_anywhere_is_cut_to_whole_records_and_goes_on(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    writer = recorder(folder)
    sizes = []
    for number in range(3):
        writer.write("s", f"{URL}{number}", answer(os.urandom(300)))
        [path] = WarcFolder(folder).files()
        sizes.append(path.stat().st_size)
    keep = max(1, sizes[-1] - cut)
    os.truncate(path, keep)
    whole = sum(size <= keep for size in sizes)
    check = check_file(WarcFolder(folder), path)
    assert check.sound
    assert check.responses == whole
    assert check.torn == (keep not in sizes and sound_length(path)[0] != keep)
    recorder(folder).write("s", f"{URL}9", answer(b"after"))
    assert [body for _, body in records(folder)][whole:] == [b"after"]


def test_a_start_cuts_what_a_killed_writer_left(tmp_path: Path) -> None:
    recorder(tmp_path).write("s", URL, answer())
    [path] = WarcFolder(tmp_path).files()
    sound = path.read_bytes()
    path.write_bytes(sound + sound[:40])
    assert WarcFolder(tmp_path).repair() == 1
    assert path.read_bytes() == sound
    assert WarcFolder(tmp_path).repair() == 0


def _write_on(folder: str) -> None:
    writer = Recorder(WarcFolder(Path(folder)))
    number = 0
    while True:
        writer.write("s", f"{URL}{number}", answer(os.urandom(20_000)))
        number += 1


def test_kill_9_leaves_a_readable_file(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    for pause in (0.05, 0.11):
        process = spawn.Process(target=_write_on, args=(str(tmp_path),))
        process.start()
        deadline = time.monotonic() + 10
        while not WarcFolder(tmp_path).files() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(pause)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        WarcFolder(tmp_path).repair()
        kept = records(tmp_path)
        assert kept
        assert [len(body) for _, body in kept] == [20_000] * len(kept)


def test_writers_side_by_side_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    workers = [spawn.Process(target=_write_twenty, args=(str(tmp_path), name)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0
    assert len({r.rec_headers.get_header("WARC-Target-URI") for r, _ in records(tmp_path)}) == 40


def _write_twenty(folder: str, name: str) -> None:
    writer = recorder(Path(folder))
    for number in range(20):
        writer.write("s", f"{URL}{name}{number}", answer(os.urandom(500)))


def test_damage_in_the_middle_is_told_and_costs_no_later_record(tmp_path: Path) -> None:
    writer = recorder(tmp_path)
    for number in range(3):
        writer.write("s", f"{URL}{number}", answer(os.urandom(400)))
    [path] = WarcFolder(tmp_path).files()
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert not check_file(WarcFolder(tmp_path), path).sound
    before = path.stat().st_size
    recorder(tmp_path).write("s", URL, answer(b"new"))
    damaged, fresh = sorted(WarcFolder(tmp_path).files(), key=lambda p: "damaged" not in p.name)
    assert damaged.stat().st_size == before
    assert check_file(WarcFolder(tmp_path), fresh).responses == 1


def test_a_full_disk_is_a_coded_error_and_leaves_the_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder(tmp_path).write("s", URL, answer())
    [path] = WarcFolder(tmp_path).files()
    sound = path.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:50]))
    with pytest.raises(CollectorError) as caught:
        recorder(tmp_path).write("s", URL + "2", answer())
    assert caught.value.code == "WARC-WRITE"
    monkeypatch.undo()
    assert path.read_bytes() == sound


def test_quarantined_bodies_are_never_written_and_can_be_taken_out(tmp_path: Path) -> None:
    letter, other = "举报信".encode(), b"report"
    digest = hashlib.sha256(letter).hexdigest()
    recorder(tmp_path, refused=lambda found: found == digest).write("s", URL, answer(letter))
    assert records(tmp_path) == []
    writer = recorder(tmp_path)
    for body in (letter, other, letter):
        writer.write("s", f"{URL}{len(body)}", answer(body))
    assert writer.forget("s", digest) == 2
    assert [body for _, body in records(tmp_path)] == [other]
    writer.write("s", f"{URL}{len(letter)}", answer(letter))  # no revisit of what is gone
    assert [r.rec_type for r, _ in records(tmp_path)] == ["response", "response"]


def test_a_backup_taken_while_answers_come_in_restores_to_sound_files(database: Database, tmp_path: Path) -> None:
    warc = tmp_path / "warc"
    writer = recorder(warc)
    for number in range(5):
        writer.write("s", f"{URL}/{number}", answer(os.urandom(20_000)))
    stop = threading.Event()

    def go_on() -> None:
        number = 5
        while not stop.is_set():
            writer.write("s", f"{URL}/{number}", answer(os.urandom(20_000)))
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar", folders={"warc": warc})
    finally:
        stop.set()
        thread.join()
    other, back = Database(f"sqlite:///{tmp_path / 'other.sqlite'}"), WarcFolder(tmp_path / "back")
    restore(tmp_path / "b.tar", other, Archive(tmp_path / "o2"), folders={"warc": back.folder})
    (check,) = [check_file(back, path) for path in back.files()]
    assert check.sound
    assert check.wrong == 0
    assert check.responses >= 5
    Recorder(back, clock=lambda: DAY).write("s", URL, answer())  # and goes on where it was cut
    (check,) = [check_file(back, path) for path in back.files()]
    assert (check.sound, check.rest) == (True, 0)


def test_files_are_by_day_and_old_ones_are_left_alone(tmp_path: Path) -> None:
    folder = WarcFolder(tmp_path)
    recorder(tmp_path).write("s", URL, answer())
    Recorder(folder, clock=lambda: DAY + timedelta(days=1)).write("s", URL, answer())
    assert [path.name[:10] for path in folder.files()] == [str(date(2025, 3, 6)), str(date(2025, 3, 7))]
    assert [r.rec_type for r, _ in records(tmp_path)] == ["response", "response"]  # each day stands for itself


def test_a_collecting_process_archives_what_it_fetches_and_drops_what_its_text_shows_quarantined(
    database: Database, tmp_path: Path, web: MockWeb
) -> None:
    web.html("/1", article("实名举报信", ["举报信正文，某局领导违规。" * 8]))
    web.html("/2", article("冬修进展", ["干渠清淤三十二公里，目前已完成过半，工程质量由第三方抽检。" * 4]))
    web.pages["/feed"] = (200, {}, rss([(web.url + "/1", "一", ""), (web.url + "/2", "二", "")]))
    row = {"id": "s", "name": "测试报", "kind": "feed", "url": web.url + "/feed", "permission": "公开",
           "rate_seconds": 0.0, "every_minutes": 30}  # fmt: skip
    with database.write() as session:
        register_sources(session, {"sources": [row]})
    options, originals = Settings(data_text=str(tmp_path), allow_private=web.host), Archive(tmp_path / "originals")
    collect_once(database, originals, options)
    whole = [r.rec_headers.get_header("WARC-Target-URI") for r, _ in records(tmp_path / "warc")]
    assert set(whole) == {web.url + path for path in ("/robots.txt", "/feed", "/1", "/2")}
    with database.write() as session:
        letter = session.scalars(select(Document).where(Document.url == web.url + "/1")).one()
        session.add(Quarantine(source_id="s", sha256="0" * 64, text_sha256=letter.text_sha256))
        session.get_one(Source, "s").body_sha256 = ""
    web.html("/1", web.pages["/1"][2].decode() + "<!-- another packing of the same letter -->")  # type: ignore[index,union-attr]
    with database.write() as session:
        for capture in session.scalars(select(Capture)):
            capture.fetched_at -= timedelta(hours=30)  # due to be looked at again
    collect_once(database, originals, options)
    assert web.paths().count("/1") == 2
    bodies = [body for _, body in records(tmp_path / "warc")]
    assert not [body for body in bodies if b"another packing" in body]
    assert [body for body in bodies if "干渠清淤".encode() in body]
