"""名册: differences first, written after 确认, used by the analysis from then on."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook
from web_world import RULES, World

from dossier.intake import Intake

DEMO = Path(__file__).parents[2] / "demo" / "roster.yaml"


def sheet(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in (("单位", "姓名", "出生年月", "现任职务", "任现职时间"), *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NEW = ("青棠区", "言初晴", "1980.05", "区委常委、组织部部长", "2025.03")


def upload(world: World, login: str, data: bytes, name: str = "花名册.xlsx", url: str = "/roster/import") -> object:
    return world.client(login).post(url, files={"file": (name, data)})


def test_the_roster_stands_by_zone_with_posts_and_dates(world: World) -> None:
    page = world.client("kh").get("/roster").text
    for shown in ("望澜区", "区委书记", "沈砚舟", "2022-03-15 起", "市发改委"):
        assert shown in page
    own = world.client("head1").get("/api/roster").json()
    assert [zone["id"] for zone in own] == ["Z1", "Z2"]


def test_differences_come_first_and_write_nothing(world: World) -> None:
    page = upload(world, "head", sheet(NEW, ("不存在的局", "某人甲", "1980.01", "局长", "2020.01"))).text
    for shown in ("目前尚未写入", "言初晴", "新增", "单位不在名册中"):
        assert shown in page
    assert "言初晴" not in world.client("kh").get("/roster").text


def test_a_confirmed_roster_is_written_recorded_and_used(world: World) -> None:
    intake = Intake(world.system.database, RULES, "fixed")
    world.system.__dict__["intake"] = intake
    client = world.client("head")
    page = client.post("/roster/import", files={"file": ("花名册.xlsx", sheet(NEW))}).text
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket
    done = client.post("/roster/import/confirm", data={"ticket": ticket[1], "name": "花名册.xlsx"})
    assert done.headers["location"] == "/roster?done=2"
    assert "言初晴" in client.get("/roster").text
    assert any(t.name == "言初晴" for t in intake.roster.tenures)
    log = world.client("aud").get("/api/audit", params={"act": "roster-import"}).json()["entries"]
    assert "花名册.xlsx" in log[0]["detail"]


def test_the_same_roster_again_changes_nothing(world: World) -> None:
    answer = upload(world, "kh", DEMO.read_bytes(), "roster.yaml", "/api/roster/import").json()
    assert not [c for c in answer["changes"] if c["kind"] != "提示"]
    assert answer["written"] is False


def test_a_yaml_change_is_shown_and_written(world: World) -> None:
    data = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    data["teams"][0]["aliases"].append("望澜新城")
    changed = yaml.safe_dump(data, allow_unicode=True).encode()
    dry = upload(world, "kh", changed, "roster.yaml", "/api/roster/import").json()
    assert [c["what"] for c in dry["changes"] if c["kind"] == "变更"] == ["班子别名"]
    written = upload(world, "kh", changed, "roster.yaml", "/api/roster/import?dry_run=false").json()
    assert written["written"] is True
    assert "望澜新城" in world.client("kh").get("/roster").text


@pytest.mark.parametrize(("login", "status"), [("off1", 403), ("aud", 403), ("sys", 403)])
def test_others_cannot_import(world: World, login: str, status: int) -> None:
    assert upload(world, login, sheet(NEW)).status_code == status


def test_an_unreadable_file_says_so(world: World) -> None:
    assert "SHEET-OPEN" in upload(world, "head", b"not a workbook").text
    assert upload(world, "head", b"teams: [", "x.yaml").status_code == 422
