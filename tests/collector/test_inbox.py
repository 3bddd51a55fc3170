"""Submitted reports: taken once, moved only when on record, classified ones never kept."""

from __future__ import annotations

import os
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from sqlalchemy import select

import collector.drop
from collector.errors import CollectorError
from collector.inbox import InboxScan, scan_inbox
from collector.report import safe_name, secrecy_mark
from collector.upload import receive_upload
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Capture, Category, Document, Failure, Quarantine, Source, Team, Zone

TEXT = (
    "关于冬修水利进展情况的报告\n截至九月底，全区完成干渠清淤三十二公里，投入资金一千二百万元。\n"
    "联系电话13812345678。\n2025年9月30日\n"
)


@pytest.fixture
def store(database: Database, tmp_path: Path) -> tuple[Database, Archive, Path]:
    with database.write() as session:
        session.add_all([Category(id="城区类"), Zone(id="Z1", name="城区片")])
        session.flush()
        session.add(Team(id="D01", full="望澜区", short="望澜", category_id="城区类", zone_id="Z1"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return database, Archive(tmp_path / "originals"), inbox


Store = tuple[Database, Archive, Path]


def scan(store: Store, largest: int = 1 << 20) -> InboxScan:
    return scan_inbox(*store, largest, settle_seconds=0.05)


def rows(database: Database, table: type[Any]) -> list[Any]:
    with database.read() as session:
        return list(session.scalars(select(table)))


def word(*paragraphs: str) -> bytes:
    file, made = BytesIO(), Word()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.save(file)
    return file.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_report_is_recorded_and_moved(store: Store) -> None:
    database, archive, inbox = store
    (inbox / "望澜区").mkdir()
    data = word(*TEXT.split("\n"))
    (inbox / "望澜区" / "冬修报告.docx").write_bytes(data)
    found = scan(store)
    (document,) = rows(database, Document)
    assert (found.documents, found.refused, found.known) == ([document.id], [], 0)
    assert (document.source_id, document.kind, document.stage) == ("inbox", "report", "collected")
    assert document.title == "关于冬修水利进展情况的报告"
    assert "干渠清淤三十二公里" in document.text
    assert "13812345678" not in document.text
    assert (document.published_at.strftime("%Y-%m-%dT%H"), document.published_precision) == ("2025-09-29T16", "day")
    (capture,) = rows(database, Capture)
    assert capture.headers["submitted_by"] == "D01"
    assert (capture.name, capture.url) == ("冬修报告.docx", f"file:冬修报告.docx#{capture.sha256[:12]}")
    assert archive.get(capture.sha256) == data
    assert names(inbox) == ["已接收/望澜区/冬修报告.docx"]
    assert rows(database, Source)[0].level == "单位报送"


def test_the_same_file_again_is_not_taken_twice_and_overwrites_nothing(store: Store) -> None:
    for _ in range(2):
        (store[2] / "甲.txt").write_text(TEXT)
        last = scan(store)
    assert (last.documents, last.known) == ([], 1)
    assert len(rows(store[0], Document)) == 1
    assert names(store[2]) == ["已接收/甲 (2).txt", "已接收/甲.txt"]


def test_crash_between_record_and_move_doubles_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (store[2] / "甲.txt").write_text(TEXT)

    def killed(*_: Any) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(collector.drop, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            scan(store)
    assert names(store[2]) == ["甲.txt"]
    again = scan(store)
    assert (again.known, len(rows(store[0], Document))) == (1, 1)
    assert names(store[2]) == ["已接收/甲.txt"]


def test_an_unknown_folder_is_taken_and_marked(store: Store) -> None:
    (store[2] / "某单位").mkdir()
    (store[2] / "某单位" / "甲.txt").write_text(TEXT)
    scan(store)
    (document,) = rows(store[0], Document)
    assert "SUBMITTER-UNKNOWN" in document.warnings


def test_unreadable_files_are_set_aside_with_a_note(store: Store) -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(300 << 20))
    (store[2] / "炸弹.docx").write_bytes(bomb.getvalue())
    (store[2] / "空.txt").write_bytes(b"")
    (store[2] / "大.txt").write_bytes(b"x" * (2 << 20))
    (store[2] / "表.lrmx").write_text("<Person/>")
    found = scan(store)
    codes = dict(found.refused)
    assert codes == {
        "炸弹.docx": "READ-ZIPBOMB", "空.txt": "REPORT-EMPTY", "大.txt": "REPORT-SIZE", "表.lrmx": "REPORT-KIND"
    }  # fmt: skip
    assert rows(store[0], Document) == []
    note = (store[2] / "未能读取" / "炸弹.docx.说明.txt").read_text()
    assert "READ-ZIPBOMB" in note
    assert {f.code for f in rows(store[0], Failure)} == set(codes.values())
    assert scan(store).refused == []


def test_a_classified_file_leaves_no_trace_of_its_content(store: Store) -> None:
    database, archive, inbox = store
    (inbox / "绝密工程进展.txt").write_text("机密★5年\n关于某工程的报告\n某工程进展顺利，已完成主体施工。\n")
    assert scan(store).refused == [("绝密工程进展.txt", "REPORT-CLASSIFIED")]
    assert list(archive.digests()) == []
    assert rows(database, Document) == rows(database, Capture) == []
    (failure,) = rows(database, Failure)
    assert "工程" not in failure.url + failure.message


def test_links_hidden_and_growing_files_are_left_alone(store: Store, tmp_path: Path) -> None:
    inbox = store[2]
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "密.txt").write_text(TEXT)
    (inbox / "链接.txt").symlink_to(secret / "密.txt")
    (inbox / "目录").symlink_to(secret)
    (inbox / "~$甲.docx").write_text(TEXT)
    (inbox / ".甲.txt").write_text(TEXT)
    (inbox / "乙.txt.part").write_text(TEXT)
    (inbox / "深").mkdir()
    (inbox / "深" / "层").mkdir()
    (inbox / "深" / "层" / "丙.txt").write_text(TEXT)
    os.mkfifo(inbox / "管道")
    scan(store)
    assert rows(store[0], Document) == []
    assert (secret / "密.txt").exists()


def test_a_file_still_being_written_waits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    file = store[2] / "甲.txt"
    file.write_text(TEXT)

    def grow(_: float) -> None:
        with file.open("a") as more:
            more.write("续写内容")

    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", grow)
        scan(store)
    assert rows(store[0], Document) == []
    scan(store)
    assert len(rows(store[0], Document)) == 1


def test_quarantined_reports_do_not_come_back(store: Store) -> None:
    (store[2] / "甲.txt").write_text(TEXT)
    scan(store)
    (capture,) = rows(store[0], Capture)
    with store[0].write() as session:
        session.add(Quarantine(source_id="inbox", sha256=capture.sha256))
        for row in (*session.scalars(select(Document)), *session.scalars(select(Capture))):
            session.delete(row)
            session.flush()
    store[1].delete(capture.sha256)
    (store[2] / "乙.txt").write_text(TEXT)
    assert scan(store).refused == [("乙.txt", "REPORT-QUARANTINED")]
    assert list(store[1].digests()) == []


def upload(store: Store, name: str = "甲.txt", data: bytes = TEXT.encode(), **changed: Any) -> Any:
    values = {"user": "off1", "submitted_by": "D01", "secrecy": "内部", **changed}
    return receive_upload(store[0], store[1], name, data, **values)


def test_upload_is_recorded_once(store: Store) -> None:
    first, again = upload(store), upload(store, "另一个名字.txt")
    assert (first.outcome, again.outcome, again.document_id) == ("new", "known", first.document_id)
    (capture,) = rows(store[0], Capture)
    assert capture.headers == {"submitted_by": "D01", "uploaded_by": "off1", "secrecy": "内部"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secrecy": "秘密"}, "UPLOAD-CLASSIFIED"),
        ({"secrecy": "绝密"}, "UPLOAD-CLASSIFIED"),
        ({"secrecy": ""}, "UPLOAD-SECRECY"),
        ({"data": "秘密★1年\n关于某事项的请示\n正文。".encode()}, "UPLOAD-CLASSIFIED"),
        ({"data": word("机 密 ★ 三 年", "关于某事项的请示", "正文。")}, "UPLOAD-CLASSIFIED"),
        ({"data": b""}, "UPLOAD-EMPTY"),
        ({"largest": 10}, "UPLOAD-SIZE"),
        ({"submitted_by": "X99"}, "UPLOAD-TEAM"),
        ({"data": b"\x00\x01\x02\x03" * 500}, "READ-UNSUPPORTED"),
        ({"name": "干部.LRM"}, "REPORT-KIND"),
        ({"name": "../"}, "REPORT-NAME"),
    ],
)
def test_refused_uploads_leave_nothing(store: Store, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ShijiError) as refused:
        upload(store, **changed)
    assert refused.value.code == code
    assert list(store[1].digests()) == []
    assert rows(store[0], Capture) == rows(store[0], Document) == []


@pytest.mark.parametrize(
    "text", ["绝密★长期\n某文件", "标题\n机密\n正文", "密级：秘密\n正文", "机 密 ★ 启封前", "秘密5年\n正文"]
)
def test_marks_of_classified_documents(text: str) -> None:
    assert secrecy_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "关于开展保密宣传的报告\n全体干部学习保守国家秘密法。",
        "密级：公开\n正文",
        "密级：内部\n正文",
        "正文\n" * 30 + "机密★",
        "商业秘密保护工作方案",
        "密级：\n标题",
    ],
    ids=["law", "open", "internal", "far-below", "trade", "blank"],
)
def test_words_about_secrecy_are_no_marks(text: str) -> None:
    assert secrecy_mark(text) == ""


def test_a_report_without_a_date_gets_none_and_says_so(store: Store) -> None:
    (store[2] / "甲.txt").write_text("关于冬修水利的报告\n全区完成干渠清淤三十二公里。\n")
    (store[2] / "乙.txt").write_text("望政发〔2024〕12号\n关于冬修水利的报告\n截至2024年9月底完成清淤。\n")
    scan(store)
    upload(store, "丙.txt", "关于秋种的报告\n（2025年10月8日）\n秋种任务已完成九成以上，进度快于上年。\n".encode())
    dates = {
        d.url[5:6]: (str(d.published_at)[:10], d.published_precision, d.warnings) for d in rows(store[0], Document)
    }
    assert dates == {
        "甲": ("None", "", ["REPORT-NO-DATE"]),
        "乙": ("2024-12-30", "day", ["REPORT-DATE-APPROXIMATE"]),
        "丙": ("2025-10-07", "day", []),
    }


def test_names_are_made_safe() -> None:
    assert safe_name("../../etc/报告.docx") == "报告.docx"
    assert safe_name("C:\\x\\报告.docx") == "报告.docx"
    assert len(safe_name("长" * 300 + ".docx")) <= 120
    assert safe_name("长" * 300 + ".docx").endswith(".docx")
    with pytest.raises(CollectorError, match="REPORT-NAME"):
        safe_name("..")
