"""Sources without a website: folders of reports, messages with attachments, saved pages."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector.errors import CollectorError
from collector.inbox import scan_inbox
from collector.saved_pages import saved_pieces
from collector.visit import visit_source
from storage.tables import Capture, Document, Failure
from tests.collector.drop_world import BODY, MOMENT, OTHER, PAGE, TEXT, World, message, names, world
from tests.collector.mockweb import article

__all__ = ["world"]

# --- folders ---


def test_a_folder_of_its_own_is_a_source_of_its_own(world: World) -> None:
    folder = world.register("folder")
    (folder / "望澜区").mkdir()
    (folder / "望澜区" / "甲.txt").write_text(TEXT)
    (folder / "乙.txt").write_bytes(b"")
    run = world.visit()
    assert (run.status, run.found, run.new, run.failed) == ("partial", 2, 1, 1)
    (document,), (capture,) = world.all(Document), world.all(Capture)
    assert (document.source_id, document.kind, capture.headers["submitted_by"]) == ("s", "report", "D01")
    assert capture.run_id == run.id
    assert names(folder) == ["已接收/望澜区/甲.txt", "未能读取/乙.txt", "未能读取/乙.txt.说明.txt"]
    assert (world.visit().status, len(world.all(Document))) == ("ok", 1)


def test_without_its_folder_a_source_says_so_and_is_not_calm(world: World) -> None:
    world.register("folder")
    run = visit_source(world.database, world.archive, world.client, "s", clock=lambda: MOMENT)
    assert (run.status, run.error_code) == ("failed", "SOURCE-PLACE")


# --- messages ---


def test_attachments_of_a_message_are_reports_of_their_own(world: World, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "望澜区").mkdir(parents=True)
    (inbox / "望澜区" / "信.eml").write_bytes(message(水利=TEXT, 秋种=OTHER))
    scan = scan_inbox(world.database, world.archive, inbox, 1 << 20, 0.02)
    assert (len(scan.documents), scan.refused) == (2, [])
    assert [c.name for c in world.all(Capture)] == ["水利.txt", "秋种.txt"]
    assert all(c.headers["submitted_by"] == "D01" for c in world.all(Capture))
    assert world.all(Capture)[0].headers["from_domain"] == "wanglan.example"
    assert "a@wanglan.example" not in str([c.headers for c in world.all(Capture)])
    assert names(inbox) == ["已接收/望澜区/信.eml"]
    (inbox / "信.eml").write_bytes(message(水利=TEXT, 秋种=OTHER))
    (inbox / "望澜区" / "再.eml").write_bytes(message("又一封", 水利=TEXT))
    again = scan_inbox(world.database, world.archive, inbox, 1 << 20, 0.02)
    assert again.known == 3  # from another folder the same text is on record as well


def test_a_long_body_is_a_report_too_and_a_cover_note_is_not(world: World) -> None:
    folder = world.register("folder")
    (folder / "信.eml").write_bytes(message("关于冬修的情况", TEXT * 3, 秋种=OTHER))
    world.visit()
    assert [c.name for c in world.all(Capture)] == ["关于冬修的情况.txt", "秋种.txt"]


def test_one_classified_attachment_refuses_the_whole_message(world: World) -> None:
    folder = world.register("folder")
    (folder / "信.eml").write_bytes(message(秋种=OTHER, 绝密工程="机密★5年\n关于某工程的报告\n某工程进展顺利。\n"))
    run = world.visit()
    assert (run.new, run.failed) == (0, 1)
    assert list(world.archive.digests()) == []
    assert world.all(Document) == world.all(Capture) == []
    (failure,) = world.all(Failure)
    assert failure.code == "REPORT-CLASSIFIED"
    assert "工程" not in failure.url + failure.message


def test_a_bad_attachment_leaves_the_others(world: World) -> None:
    folder = world.register("folder")
    (folder / "信.eml").write_bytes(message(坏="\x00\x01\x02\x03" * 500, 秋种=OTHER))
    run = world.visit()
    assert (run.new, run.failed) == (1, 1)
    assert names(folder) == ["未能读取/信.eml", "未能读取/信.eml.说明.txt"]
    assert [f.code for f in world.all(Failure)] == ["READ-UNSUPPORTED"]


# --- saved pages ---


def warc(*pages: tuple[str, str, bytes], packed: bool = True) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for url, kind, body in pages:
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", payload=BytesIO(body), http_headers=headers,
            warc_headers_dict={"WARC-Date": "2025-10-08T02:00:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    return out.getvalue()


def mhtml(body: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Snapshot-Content-Location"] = "<Saved by Blink>", "http://a.example/m.html"
    mail["Date"] = "Wed, 8 Oct 2025 10:00:00 +0800"
    mail.set_content(body.decode(), subtype="html")
    mail.make_related()
    return mail.as_bytes()


def test_saved_pages_are_read_like_fetched_ones(world: World) -> None:
    folder = world.register("saved")
    single = PAGE.replace(b"<html>", b"<!-- saved from url=(0021)http://a.example/h.html -->\n<html>")
    (folder / "单.html").write_bytes(single)
    (folder / "页.mhtml").write_bytes(mhtml(PAGE))
    other = article("秋种完成九成", ["全区秋种完成九成以上。", BODY]).encode("gbk")
    (folder / "库.warc.gz").write_bytes(warc(
        ("http://a.example/w1.html", "text/html; charset=utf-8", PAGE),
        ("http://a.example/w2.html", "text/html", other),
        ("http://a.example/x.png", "image/png", b"\x89PNG"),
    ))  # fmt: skip
    (folder / "无.txt").write_text("不是网页")
    run = world.visit()
    assert (run.new, run.failed) == (4, 1)
    documents = {d.url: d for d in world.all(Document)}
    assert set(documents) == {f"http://a.example/{n}.html" for n in ("h", "m", "w1", "w2")}
    assert all(d.kind == "article" and d.title for d in documents.values())
    assert documents["http://a.example/w2.html"].title == "秋种完成九成"
    captures = {c.url: c for c in world.all(Capture)}
    assert captures["http://a.example/w1.html"].fetched_at == datetime(2025, 10, 8, 2, tzinfo=UTC)
    assert captures["http://a.example/m.html"].fetched_at == datetime(2025, 10, 8, 2, tzinfo=UTC)
    assert world.archive.get(captures["http://a.example/w1.html"].sha256) == PAGE
    assert [f.code for f in world.all(Failure)] == ["SAVED-KIND"]


def test_only_pages_of_the_named_hosts_are_taken(world: World) -> None:
    folder = world.register("saved", hosts=["a.example"])
    (folder / "库.warc").write_bytes(warc(
        ("http://a.example/1", "text/html", PAGE), ("http://b.example/1", "text/html", PAGE), packed=False
    ))  # fmt: skip
    world.visit()
    assert [d.url for d in world.all(Document)] == ["http://a.example/1"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (warc(("http://a.example/1", "text/html", PAGE))[:60], "SAVED-BROKEN"),
        (warc(("http://a.example/1", "text/html", PAGE), packed=False)[:-200], "SAVED-BROKEN"),
        (b"\x1f\x8bnonsense", "SAVED-BROKEN"),
        (warc(("http://a.example/1", "image/png", b"x")), "SAVED-EMPTY"),
        (b"plain", "SAVED-KIND"),
    ],
    ids=["cut", "cut-plain", "nonsense", "no-page", "text"],
)
def test_broken_saved_files_have_their_code(data: bytes, code: str) -> None:
    with pytest.raises(CollectorError) as refused:
        list(saved_pieces(data, "x"))
    assert refused.value.code == code


def test_a_saved_page_without_an_address_is_named_by_its_content() -> None:
    (piece,) = saved_pieces(PAGE, "单.html")
    assert piece.url.startswith("file:单.html#")
