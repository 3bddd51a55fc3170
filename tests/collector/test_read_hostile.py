"""Files made to harm: each costs its own reading and gives a coded error, never more."""

from __future__ import annotations

import base64
import io
import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.errors import CollectorError
from collector.office import worker
from collector.office.document import Limits, ReadDocument
from collector.office.read import read_file
from collector.office.worker import LimitedReader, read_files, run_limited

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PLAIN = f"<w:document {W}><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>"


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(CollectorError) as caught:
        read_file(data, "x", limits)
    return caught.value.code


def test_zip_bombs() -> None:
    big = packed({"word/document.xml": b" " * 60_000_000})
    assert len(big) < 100_000
    assert code_of(big) == "READ-ZIPBOMB"
    assert code_of(packed({"xl/workbook.xml": b"0" * 60_000_000})) == "READ-ZIPBOMB"
    assert code_of(packed({"OFD.xml": b"0" * 60_000_000})) == "READ-ZIPBOMB"
    parts: dict[str, str | bytes] = {"word/document.xml": PLAIN}
    many = packed(parts | {f"word/{i}.xml": "" for i in range(60)})
    assert code_of(many, Limits(entries=50)) == "READ-ZIPBOMB"
    assert code_of(packed({"word/document.xml": PLAIN * 50}), Limits(part_bytes=1000)) == "READ-ZIPBOMB"


def test_external_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容")
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + PLAIN.replace("正文", "&x;")
    assert code_of(packed({"word/document.xml": xml})) == "READ-UNSAFE-XML"
    laughs = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + PLAIN.replace("正文", "&b;")
    assert code_of(packed({"word/document.xml": laughs})) == "READ-UNSAFE-XML"


def test_member_names_cannot_lead_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = packed({"word/document.xml": PLAIN, "../../escaped.txt": "x", "/etc/escaped.txt": "x"})
    assert read_file(data).text == "正文"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "READ-EMPTY"),
        (b"\x00" * 100, "READ-EMPTY"),
        (b"%PDF-1.7\nbroken", "READ-BROKEN"),
        (b"Rar!\x1a\x07\x00", "READ-UNSUPPORTED"),
        (bytes(range(256)) * 8, "READ-UNSUPPORTED"),
        (packed({"word/other.xml": "x"}), "READ-BROKEN"),
        (packed({"word/document.xml": "<a><b></a>"}), "READ-BROKEN"),
        (packed({"word/document.xml": PLAIN})[:-30], "READ-UNSUPPORTED"),
        (packed({"ppt/presentation.xml": "x"}), "READ-UNSUPPORTED"),
        (packed({"xl/workbook.xml": "no xml"}), "READ-BROKEN"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "READ-ENCRYPTED"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "Workbook".encode("utf-16-le")
            + b"\x09\x08\x10\x00\x00\x06\x05\x00"
            + b"\0" * 12
            + b"\x2f\x00\x36\x00"
            + b"\0" * 60,
            "READ-ENCRYPTED",
        ),
    ],
)
def test_codes(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_encrypted_members() -> None:
    data = bytearray(packed({"word/document.xml": PLAIN}))
    data[6] |= 1  # local header
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # central directory
    assert code_of(bytes(data)) == "READ-ENCRYPTED"


def test_deep_nesting() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000
    xml = f"<w:document {W}><w:body>{deep}</w:body></w:document>"
    assert code_of(packed({"word/document.xml": xml})) == "READ-BROKEN"
    mail = b"plain text"
    for _ in range(6):
        mail = (
            b"Subject: a\r\nFrom: b@c.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B"
            + b"\r\n\r\n--B\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.eml\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(mail) + b"\r\n--B--\r\n"
        )
    read = read_file(mail)
    depth, node = 0, read
    while node.attachments:
        depth, node = depth + 1, node.attachments[0]
    assert depth == 2
    assert any("READ-DEPTH" in w for w in node.warnings)


def test_size_limits(tmp_path: Path) -> None:
    assert code_of(b"a" * 2000, Limits(file_bytes=1000)) == "READ-TOO-LARGE"
    assert code_of(b"a,b\n" * 2000, Limits(cells=1000)) == "READ-TOO-LARGE"
    with pytest.raises(CollectorError) as caught:
        read_file(tmp_path / "none.docx")
    assert caught.value.code == "READ-MISSING"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"a,b\n"]),
)
def test_any_bytes_give_a_document_or_a_code(data: bytes, magic: bytes) -> None:
    outcome: ReadDocument | CollectorError
    try:
        outcome = read_file(magic + data, "x")
    except CollectorError as error:
        outcome = error
    assert isinstance(outcome, ReadDocument) or outcome.code.startswith("READ-")


def test_a_batch_goes_on_in_order(tmp_path: Path) -> None:
    files = {
        "a.txt": "第一份材料。".encode(),
        "b.docx": b"PK\x03\x04broken",
        "c.docx": packed({"word/document.xml": PLAIN}),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    results = list(read_files([tmp_path / n for n in ("a.txt", "b.docx", "missing", "c.docx")]))
    assert [Path(p).name for p, _ in results] == ["a.txt", "b.docx", "missing", "c.docx"]
    assert [r.code if isinstance(r, CollectorError) else r.text for _, r in results] == [
        "第一份材料。", "READ-UNSUPPORTED", "READ-MISSING", "正文",
    ]  # fmt: skip


def test_time_and_memory_are_bounded(tmp_path: Path) -> None:
    pipe = tmp_path / "endless"
    os.mkfifo(pipe)
    started = time.monotonic()
    with LimitedReader(Limits(seconds=4.0)) as reader:
        with pytest.raises(CollectorError) as caught:
            reader.read(pipe)
        assert caught.value.code == "READ-TIMEOUT"
        assert time.monotonic() - started < 15
        assert reader.read(packed({"word/document.xml": PLAIN}), "after.docx").text == "正文"
    book = packed({"word/document.xml": PLAIN.replace("正文", "字" * 20_000_000)})
    lavish = replace(Limits(), ratio=100_000, memory_bytes=350 * 1024 * 1024)
    with pytest.raises(CollectorError) as memory:
        run_limited(book, "big.docx", lavish)
    assert memory.value.code == "READ-MEMORY"


def test_an_answer_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "long.txt"
    page.write_text("青棠区推行老旧小区改造。\n" * 2000, encoding="utf-8")
    monkeypatch.setattr(worker, "MAX_ANSWER", 10_000)
    with pytest.raises(CollectorError, match="READ-MEMORY"):
        run_limited(page, "long.txt")
