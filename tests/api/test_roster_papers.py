"""任免审批表 over HTTP and on the command line: differences first, nothing private on disk, export with a reason."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select
from typer.testing import CliRunner
from web_world import World

import demo
from api.cli import commands
from storage.tables import AuditEntry, RosterPaper, Tenure

FILE = Path(demo.__file__).parent / "papers" / "佟以宁.lrmx"
SECRET = "110101197804010028"


def sent(data: bytes, name: str = "佟以宁.lrmx") -> dict[str, tuple[str, bytes]]:
    return {"file": (name, data)}


def on_disk(world: World) -> bytes:
    return b"".join(f.read_bytes() for f in world.system.settings.data.rglob("*") if f.is_file())


def tenures(world: World) -> int:
    with world.system.database.read() as session:
        return len(session.scalars(select(Tenure).where(Tenure.cadre_id == "P002")).all())


def test_differences_first_then_what_was_chosen(world: World) -> None:
    client = world.client("kh")
    data = FILE.read_bytes().replace("<ShenFenZheng>（导入时略去）".encode(), f"<ShenFenZheng>{SECRET}".encode())
    before = tenures(world)
    shown = client.post("/roster/papers", files=sent(data))
    assert shown.status_code == 200, shown.text
    assert "名册为 2023-09-28 至 现任，未作改动" in shown.text
    assert SECRET not in shown.text
    assert tenures(world) == before
    ticket = re.search(r'name="ticket" value="([^"]+)"', shown.text)
    assert ticket is not None
    form = {"ticket": ticket[1], "name": "佟以宁.lrmx", "tenure": ["3"]}
    assert client.post("/roster/papers/confirm", data=form).headers["location"] == "/roster/papers?done=1&team=MC06"
    assert tenures(world) == before + 1
    assert client.post("/roster/papers/confirm", data=form).status_code == 404  # a ticket serves once
    assert SECRET.encode() not in on_disk(world)


def test_roles_and_export_with_a_reason(world: World) -> None:
    data = FILE.read_bytes()
    for login, status in (("off1", 403), ("sys", 403), ("unit", 403), ("head1", 200)):
        assert world.client(login).post("/api/roster/papers", files=sent(data)).status_code == status
    head = world.client("head1")
    answer = head.post("/api/roster/papers?dry_run=false&tenures=3", files=sent(data)).json()
    assert (answer["cadre_id"], answer["written"]) == ("P002", 1)
    assert head.post("/roster/papers/P002.lrmx", data={"reason": ""}).status_code == 422
    assert world.client("kh").post("/roster/papers/P002.lrmx", data={"reason": "考察"}).status_code == 403
    got = head.post("/roster/papers/P002.lrmx", data={"reason": "考察"})
    assert got.status_code == 200
    assert "<DaoLingNianYue>203804</DaoLingNianYue>" in got.text
    with world.system.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "roster-paper-export")).one()
    assert (entry.object_id, entry.purpose) == ("P002", "考察")


def test_hostile_file_is_refused_with_its_reason(world: World) -> None:
    bomb = b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Person><XingMing>&x;</XingMing></Person>'
    answer = world.client("kh").post("/api/roster/papers", files=sent(bomb))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "LRM-ENTITY")


def test_command_shows_and_writes(world: World) -> None:
    environment = {
        "SHIJI_DATA": str(world.system.settings.data), "SHIJI_DATABASE": world.system.database.url,
        "SHIJI_TODAY": "2025-10-16",
    }  # fmt: skip
    done = CliRunner().invoke(commands, ["roster", "import", str(FILE), "--yes"], env=environment)
    assert done.exit_code == 0, done.output
    assert "可新增 2016.11--2023.08 澜宁市城市管理和行政执法局副局长 MC06" in done.output
    with world.system.database.read() as session:
        assert session.scalars(select(RosterPaper)).one().cadre_id == "P002"
