"""Sources without a website: folders of reports, messages with attachments, saved pages, mailboxes."""

from __future__ import annotations

import socket
import socketserver
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector.errors import CollectorError
from collector.fetch import Client
from collector.imap import _quoted, parse_address
from collector.inbox import scan_inbox
from collector.port import Places
from collector.registry import register_sources
from collector.saved_pages import saved_pieces
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.tables import Capture, Category, Document, Failure, Run, Source, Team, Zone
from tests.collector.mockweb import article

MOMENT = datetime(2025, 10, 9, 1, 0, tzinfo=UTC)
TEXT = "关于冬修水利进展情况的报告\n截至九月底，全区完成干渠清淤三十二公里，投入资金一千二百万元。\n2025年9月30日\n"
OTHER = "关于秋种进展情况的报告\n截至九月底，全区完成秋种九万亩，占计划的九成以上，进度快于上年。\n2025年9月29日\n"
BODY = "各部门按照既定安排推进水利工程冬修，年内计划完成干渠清淤三十二公里，目前已完成过半，工程质量由第三方抽检。"
PAGE = article("城郊干渠完成加固", ["城郊干渠三处险段完成加固，沿线两千亩农田春灌有了保障。", BODY]).encode()


class World:
    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.archive = database, Archive(folder / "originals")
        self.places = Places(folder / "drops", folder / "secrets", folder / "keys", settle_seconds=0.02)
        self.client = Client()
        with database.write() as session:
            session.add_all([Category(id="城区类"), Zone(id="Z1", name="城区片")])
            session.flush()
            session.add(Team(id="D01", full="望澜区", short="望澜", category_id="城区类", zone_id="Z1"))

    def register(self, kind: str, url: str = "", **config: Any) -> Path:
        row = {"id": "s", "name": "测试", "kind": kind, "url": url, "permission": "单位依职责报送", "config": config}
        with self.database.write() as session:
            register_sources(session, {"sources": [row]})
        folder = self.places.drops / "s"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def visit(self) -> Run:
        return visit_source(self.database, self.archive, self.client, "s", clock=lambda: MOMENT, places=self.places)

    def all(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def message(
    subject: str = "报送材料", body: str = "请查收。", sender: str = "a@wanglan.example", **files: str
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"张某 <{sender}>", "b@zzb.example", subject
    mail.set_content(body)
    for name, text in files.items():
        mail.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename=f"{name}.txt")
    return mail.as_bytes()


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


# --- mailboxes ---


class Imap(socketserver.ThreadingTCPServer):
    """A small IMAP server: one folder, whose messages are only ever peeked at."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        self.messages: dict[int, bytes] = {}
        self.validity, self.asked = "7", list[str]()
        super().__init__(("127.0.0.1", 0), _Imap)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Imap(socketserver.StreamRequestHandler):
    server: Imap

    def say(self, *parts: bytes | str) -> None:
        self.wfile.write(b"".join(p if isinstance(p, bytes) else p.encode() for p in parts) + b"\r\n")

    def handle(self) -> None:
        self.say("* OK ready")
        for raw in self.rfile:
            line = raw.decode().strip()
            self.server.asked.append(line)
            tag, command, *words = line.split(" ")
            command = command.upper()
            if command == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            elif command == "LOGIN" and words[-1] != '"geheim"':
                self.say(f"{tag} NO wrong")
                continue
            elif command == "EXAMINE":
                self.say(f"* {len(self.server.messages)} EXISTS")
                self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
            elif command == "UID" and words[0] == "SEARCH":
                first = int(words[2].split(":")[0])
                numbers = sorted(self.server.messages)
                found = [n for n in numbers if n >= first] or numbers[-1:]  # as the standard has it
                self.say("* SEARCH " + " ".join(map(str, found)))
            elif command == "UID" and words[0] == "FETCH":
                number = int(words[1])
                data = self.server.messages[number]
                if "RFC822.SIZE" in line:
                    self.say(f"* 1 FETCH (UID {number} RFC822.SIZE {len(data)})")
                else:
                    self.say(f"* 1 FETCH (UID {number} BODY[] {{{len(data)}}}\r\n", data, ")")
            elif command == "LOGOUT":
                self.say("* BYE")
                self.say(f"{tag} OK done")
                return
            self.say(f"{tag} OK done")


@pytest.fixture
def imap() -> Iterator[Imap]:
    server = Imap()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail(world: World, imap: Imap) -> World:
    places = world.places
    world.places = Places(places.drops, places.secrets, places.keys, frozenset({imap.host}), 1 << 20, 0.02)
    world.register("mailbox", f"imap://{imap.host}/INBOX", user="zzb", senders={"@wanglan.example": "D01"})
    world.places.secrets.mkdir()
    (world.places.secrets / "s").write_text("geheim\n")
    imap.messages = {3: message(水利=TEXT), 5: message("直接报送", OTHER, sender="x@other.example")}
    return world


def test_messages_become_reports_and_the_mailbox_stays_as_it_is(mail: World, imap: Imap) -> None:
    run = mail.visit()
    assert (run.status, run.new) == ("ok", 2)
    assert [(c.name, c.headers["submitted_by"]) for c in mail.all(Capture)] == [
        ("水利.txt", "D01"),
        ("直接报送.txt", ""),
    ]
    assert ["SUBMITTER-UNKNOWN" in d.warnings for d in mail.all(Document)] == [False, True]
    assert not any(word in line for line in imap.asked for word in ("STORE", "SELECT", "EXPUNGE", "MOVE", "COPY"))
    assert all("PEEK" in line for line in imap.asked if "BODY" in line)


class Tunnel(socketserver.ThreadingTCPServer):
    """A small HTTP proxy that opens tunnels to one server, whatever host was asked for."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, server: Imap, answer: bytes = b"HTTP/1.1 200 Connection established") -> None:
        self.target, self.answer, self.asked = server.server_address, answer, list[str]()
        super().__init__(("127.0.0.1", 0), _Tunnel)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://user:pass@127.0.0.1:{self.server_address[1]}"


class _Tunnel(socketserver.BaseRequestHandler):
    server: Tunnel

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.request.recv(1)
        self.server.asked += head.decode().split("\r\n")
        self.request.sendall(self.server.answer + b"\r\nX-Via: mock\r\n\r\n")
        if b" 200 " not in self.server.answer:
            return
        with socket.create_connection(self.server.target) as up:
            threads = [threading.Thread(target=_pump, args=pair) for pair in ((self.request, up), (up, self.request))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def test_a_mailbox_is_read_through_the_proxy_and_the_target_judged_first(mail: World, imap: Imap) -> None:
    with Tunnel(imap) as tunnel:
        mail.places = replace(mail.places, proxy=tunnel.url)
        assert mail.visit().new == 2
        assert tunnel.asked[0] == f"CONNECT {imap.host} HTTP/1.1"
        assert "Proxy-Authorization: Basic " + b64encode(b"user:pass").decode() in tunnel.asked
        tunnel.asked.clear()
        mail.places = replace(mail.places, private_hosts=frozenset())  # a private target stays closed behind a proxy
        mail.register("mailbox", f"imaps://{imap.host}/INBOX", user="zzb")
        assert mail.visit().error_code == "FETCH-PRIVATE"
        assert tunnel.asked == []
        tunnel.shutdown()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Proxy Authentication Required", b"nonsense"])
def test_a_proxy_that_refuses_is_said(mail: World, imap: Imap, answer: bytes) -> None:
    with Tunnel(imap, answer) as tunnel:
        mail.places = replace(mail.places, proxy=tunnel.url)
        assert mail.visit().error_code == "FETCH-PROXY"
        tunnel.shutdown()


def test_only_new_messages_are_fetched_until_the_mailbox_was_rebuilt(mail: World, imap: Imap) -> None:
    mail.visit()
    imap.asked.clear()
    assert mail.visit().found == 0
    assert not any("BODY" in line for line in imap.asked)
    imap.messages[6] = message(秋种=OTHER)
    assert mail.visit().found == 1
    imap.validity = "8"  # the numbers mean other messages now
    assert (mail.visit().found, len(mail.all(Document))) == (3, 3)


def test_a_message_that_is_too_large_is_noted_and_the_next_one_taken(mail: World, imap: Imap) -> None:
    imap.messages[4] = message(大="x" * (2 << 20))
    run = mail.visit()
    assert (run.status, run.new, run.failed) == ("partial", 2, 1)
    assert [f.code for f in mail.all(Failure)] == ["MAIL-SIZE"]


def test_a_wrong_password_is_a_failure_of_the_source(mail: World) -> None:
    (mail.places.secrets / "s").write_text("falsch")
    assert mail.visit().error_code == "MAIL-SIGN-IN"
    (mail.places.secrets / "s").unlink()
    assert mail.visit().error_code == "MAIL-PASSWORD"
    assert mail.all(Source)[0].failures == 2


def test_mail_servers_pass_the_guard(mail: World, imap: Imap) -> None:
    mail.places = Places(mail.places.drops, mail.places.secrets, mail.places.keys)
    assert mail.visit().error_code == "MAIL-PLAIN"
    mail.register("mailbox", f"imaps://{imap.host}/INBOX", user="zzb")
    assert mail.visit().error_code == "FETCH-PRIVATE"
    assert imap.asked == []


def test_mailbox_addresses() -> None:
    assert parse_address("imaps://mail.example").port == 993
    assert parse_address("imap://mail.example:1143/%E6%8A%A5%E9%80%81").folder == "报送"
    assert _quoted("报送 & A") == '"&YqWQAQ- &- A"'
    for bad in ("http://mail.example", "imaps://u:p@mail.example", "imaps://", "imaps://a:x/"):
        with pytest.raises(CollectorError, match="MAIL-URL"):
            parse_address(bad)
