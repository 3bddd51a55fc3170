"""Mailboxes over IMAP: left as they are, through the guard, and through a proxy with TLS to the server."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collector.errors import CollectorError
from collector.imap import _quoted, open_mailbox, parse_address
from collector.port import Places
from storage.tables import Capture, Document, Failure, Source
from tests.collector.drop_world import OTHER, TEXT, World, message, world

__all__ = ["world"]


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


# --- TLS through the proxy ---


def certificate(name: str, folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for ``name`` and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return files


class TlsImap(Imap):
    """The same server behind TLS; what the proxy could read of it is what went over the wire."""

    def __init__(self, cert: Path, key: Path) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        super().__init__()

    def get_request(self) -> tuple[socket.socket, Any]:
        plain, address = super().get_request()
        return self.context.wrap_socket(plain, server_side=True), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that turns away is what is tested."""


@pytest.mark.parametrize(
    ("served", "trusted", "code"),
    [
        ("mail.example", True, ""),
        ("mail.example", False, "FETCH-CONNECT"),  # nobody vouches for it: a proxy that puts itself in between
        ("other.example", True, "FETCH-CONNECT"),  # vouched for, but for another name
    ],
)
def test_tls_ends_at_the_mail_server_not_at_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: str, trusted: bool, code: str
) -> None:
    cert, key = certificate(served, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert if trusted else tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    server = TlsImap(cert, key)
    server.messages = {3: message(水利=TEXT)}
    names = {"mail.example": ["93.184.216.34"], "127.0.0.1": ["127.0.0.1"]}

    def look() -> bytes:
        address = parse_address("imaps://mail.example/INBOX")
        with open_mailbox(address, "zzb", "geheim", frozenset(), lambda h, p: names[h], tunnel.url) as mailbox:
            return mailbox.message(3, 1 << 20)

    with Tunnel(server) as tunnel:
        try:
            if code:
                with pytest.raises(CollectorError, match=code):
                    look()
                assert server.asked == []  # no name and no password before the certificate is right
            else:
                assert look() == server.messages[3]
            assert tunnel.asked[0] == "CONNECT mail.example:993 HTTP/1.1"
        finally:
            tunnel.shutdown()
            server.shutdown()
            server.server_close()
