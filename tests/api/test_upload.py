"""报送材料: receipts, coded refusals that leave nothing behind, and who sees what was handed in."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update
from web_world import World

from storage.tables import Document

TEXT = "关于课后服务情况的报告\n市教育局建立课后服务监管机制，覆盖全市学校。\n2025年10月15日".encode()


def send(world: World, login: str, *files: tuple[str, bytes], unit: str = "MB01", secrecy: str = "内部") -> object:
    client = world.client(login)
    return client.post(
        "/upload", data={"unit": unit, "secrecy": secrecy}, files=[("files", (name, data)) for name, data in files]
    )


def documents(world: World) -> int:
    with world.system.database.read() as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def test_every_file_gets_a_receipt_or_a_reason(world: World) -> None:
    page = send(world, "off3", ("报告.txt", TEXT), ("坏.docx", b"\x00\x01")).text
    assert "回执号 <strong>BS-" in page
    assert "坏.docx：" in page
    assert "READ-" in page


def test_the_same_file_again_is_said_to_be_known(world: World) -> None:
    send(world, "off3", ("报告.txt", TEXT))
    before = documents(world)
    assert "此前已收到同一文件" in send(world, "off3", ("报告.txt", TEXT)).text
    assert documents(world) == before


@pytest.mark.parametrize("secrecy", ["秘密", "机密", "绝密", ""])
def test_classified_or_unanswered_is_refused_and_nothing_kept(world: World, secrecy: str) -> None:
    before = documents(world)
    page = send(world, "off3", ("报告.txt", TEXT), secrecy=secrecy).text
    assert "UPLOAD-CLASSIFIED" in page or "UPLOAD-SECRECY" in page
    assert documents(world) == before
    log = world.client("aud").get("/api/audit", params={"act": "upload-refused"}).json()
    assert log["total"] == 1
    assert "报告" not in log["entries"][0]["detail"]


def test_a_secrecy_mark_in_the_text_is_refused(world: World) -> None:
    assert "UPLOAD-CLASSIFIED" in send(world, "off3", ("x.txt", "机密★1年\n关于事项".encode())).text


def test_lists_are_by_zone(world: World) -> None:
    send(world, "off3", ("报告.txt", TEXT))
    names = {row["name"] for row in world.client("off3").get("/api/uploads").json()}
    assert "报告.txt" in names
    assert "报告.txt" not in {row["name"] for row in world.client("off1").get("/api/uploads").json()}
    # it may be a letter that belongs in quarantine: others learn the name when it is filed
    assert "报告.txt" not in {row["name"] for row in world.client("kh").get("/api/uploads").json()}
    with world.system.database.write() as session:
        session.execute(update(Document).where(Document.stage == "collected").values(stage="filed"))
    assert "报告.txt" in {row["name"] for row in world.client("kh").get("/api/uploads").json()}


def test_quarantined_letters_show_no_name(world: World) -> None:
    rows = [row for row in world.client("head").get("/api/uploads").json() if row["stage"] == "已隔离"]
    assert rows
    assert {(row["name"], row["document_id"]) for row in rows} == {("（已隔离）", None)}


def test_json_upload_and_roles(world: World) -> None:
    client = world.client("off3")
    answer = client.post("/api/uploads", data={"unit": "MB01", "secrecy": "公开"}, files=[("files", ("a.txt", TEXT))])
    assert answer.json()[0]["number"].startswith("BS-")
    assert answer.json()[0]["error"] is None
    for login in ("sys", "aud"):
        assert world.client(login).get("/upload").status_code == 403


def test_without_the_csrf_token_nothing_is_taken(world: World) -> None:
    client = world.client("off3")
    del client.headers["x-csrf-token"]
    before = documents(world)
    refused = client.post("/upload", data={"secrecy": "公开"}, files=[("files", ("a.txt", TEXT))])
    assert refused.status_code == 403
    assert documents(world) == before
