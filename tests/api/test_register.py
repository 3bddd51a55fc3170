"""新增来源: from an address over a preview to an entry; the register in and out; the map of coverage; bundles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from web_world import World

from api.cli import commands
from demo.press import Press, start_press
from dossier.coverage import OTHERS, Seen, TeamCoverage, coverage_table
from storage.settings import Settings
from storage.tables import Source


@pytest.fixture
def press(world: World) -> Iterator[Press]:
    with start_press({"ribao": 0, "jbrb": 0, "lanfa": 0}) as press:
        folder = str(world.system.settings.data)
        world.system.settings = Settings(
            data_text=folder, allow_private=press.allow_private, today_text="2025-10-16", demo_text="1"
        )
        yield press


def list_page(press: Press) -> str:
    return f"http://127.0.0.1:{press.ports['lanfa']}/wanglan/index.html"


FORM = {"id": "neu", "name": "望澜新站", "kind": "list", "level": "区县", "owner_team": "D01", "permission": "公开信息",
        "rate_seconds": "0", "every_minutes": "30", "config": 'selector: "ul.news_list > li"'}  # fmt: skip


def test_from_an_address_to_a_source_in_three_steps(world: World, press: Press) -> None:
    client, url = world.client("sys"), list_page(press)
    assert "粘贴网址" in client.get("/sources/new").text
    looked = client.post("/sources/new", data={"step": "look", "url": url}).text
    assert "selector:" in looked
    assert "将收入这" not in looked
    shown = client.post("/sources/new", data={**FORM, "step": "preview", "url": url})
    assert shown.status_code == 200
    assert "将收入这 12 篇" in shown.text
    assert "第一篇读取结果" in shown.text
    with world.system.database.read() as session:
        assert session.get(Source, "neu") is None
    saved = client.post("/sources/new", data={**FORM, "step": "save", "url": url})
    assert (saved.status_code, saved.headers["location"]) == (303, "/sources/neu")
    with world.system.database.read() as session:
        source = session.get_one(Source, "neu")
    assert (source.config, source.owner_team_id, source.enabled) == ({"selector": "ul.news_list > li"}, "D01", True)
    log = world.client("aud").get("/api/audit").json()["entries"]
    acts = [entry["act"] for entry in log if entry["object"].startswith("来源")]
    assert "新增来源" in acts
    assert "试采来源" in acts


def test_what_was_typed_stays_when_something_is_wrong(world: World, press: Press) -> None:
    client, url = world.client("sys"), list_page(press)
    for change, code in (
        ({"config": "selector: [", "step": "preview"}, "SOURCE-CONFIG"),
        ({"config": 'selector: "ul.none > li"', "step": "preview"}, "LIST-EMPTY"),
        ({"permission": "", "step": "save"}, "SOURCE-PERMISSION"),
        ({"id": "ribao", "step": "save"}, "SOURCE-DOUBLE"),
        ({"id": "coverage", "step": "save"}, "SOURCE-FIELD"),
        ({"url": "http://127.0.0.1:9/", "step": "preview"}, "FETCH-PRIVATE"),
        ({"url": "http://127.0.0.1:9/", "step": "look"}, "FETCH-PRIVATE"),
    ):
        answer = client.post("/sources/new", data={**FORM, "url": url, **change})
        assert answer.status_code == 422, code
        assert code in answer.text
        if change["step"] != "look":
            assert "望澜新站" in answer.text


def test_only_sys_registers_and_nobody_without_the_token(world: World) -> None:
    for login in ("off1", "head"):
        client = world.client(login)
        assert client.get("/sources/new").status_code == 403
        assert client.post("/sources/new", data={**FORM, "step": "save", "url": "http://a.example/"}).status_code == 403
        assert client.get("/sources/export/yaml").status_code == 403
        assert client.get("/api/register").status_code == 403
        assert client.post("/api/sources/preview", json={}).status_code == 403
        assert "新增来源" not in client.get("/sources").text
    client = world.client("sys")
    assert "新增来源" in client.get("/sources").text
    del client.headers["x-csrf-token"]
    assert client.post("/sources/new", data={**FORM, "step": "save", "url": "http://a.example/"}).status_code == 403


def test_the_api_does_the_same(world: World, press: Press) -> None:
    client, url = world.client("sys"), list_page(press)
    found = client.post("/api/sources/propose", json={"url": url}).json()
    assert (found["kind"], "selector" in found["config"]) == ("list", True)
    row = {**{k: v for k, v in found.items() if k != "feeds"}, "id": "neu", "permission": "公开", "rate_seconds": 0.0}
    shown = client.post("/api/sources/preview", json=row).json()
    assert (shown["wanted"], shown["errors"]) == (12, [])
    assert shown["first"]["title"] == shown["items"][0]["title"]
    assert client.post("/api/sources", json=row).status_code == 201
    assert "neu" in {r["id"] for r in client.get("/api/register").json()["sources"]}
    assert client.post("/api/sources", json=row).json()["error"]["code"] == "SOURCE-DOUBLE"


def test_register_files_show_their_changes_before_they_are_written(world: World) -> None:
    client = world.client("sys")
    with world.system.database.write() as session:  # the small world registers without addresses
        for number, source in enumerate(session.query(Source)):
            source.url, source.permission = f"http://a{number}.example/", "公开"
    text = client.get("/sources/export/yaml").text
    assert "/sources/export" not in text
    same = client.post("/sources/import", files={"file": ("s.yaml", text.encode())})
    assert "没有需要写入的变化" in same.text
    changed = text.replace("id: ribao\n  name: 澜宁日报", "id: ribao\n  name: 澜宁日报社", 1)
    at = changed.index("id: ribao")
    changed = changed[:at] + changed[at:].replace("enabled: true", "enabled: false", 1)
    shown = client.post("/sources/import", files={"file": ("s.yaml", changed.encode())}).text
    assert "澜宁日报社" in shown
    assert "目前尚未写入" in shown
    ticket = shown.split('name="ticket" value="')[1].split('"')[0]
    with world.system.database.read() as session:
        assert session.get_one(Source, "ribao").enabled is True
    assert client.post("/sources/import/confirm", data={"ticket": ticket, "name": "s.yaml"}).status_code == 303
    with world.system.database.read() as session:
        source = session.get_one(Source, "ribao")
    assert (source.name, source.enabled) == ("澜宁日报社", False)
    log = world.client("aud").get("/api/audit", params={"act": "source-disable"}).json()["entries"]
    assert "s.yaml" in log[0]["detail"]  # a file switches nothing off silently
    opml = client.get("/sources/export/opml")
    assert opml.headers["content-disposition"].endswith('"sources.opml"')
    assert "澜宁日报社" in opml.text
    assert client.get("/sources/export/exe").status_code == 422


def test_the_map_shows_days_by_team_and_source(world: World) -> None:
    page = world.client("head").get("/sources/coverage").text
    assert "覆盖图" in page
    assert "澜宁日报" in page
    assert world.client("sys").get("/sources/coverage").status_code == 403


def test_the_map_keeps_its_width_and_loses_no_sighting() -> None:
    from datetime import date

    def team(name: str, **seen: int) -> TeamCoverage:
        return TeamCoverage(name, name, tuple(Seen(k, date(2025, 1, 1), v) for k, v in seen.items()), False)

    table = coverage_table([team("甲", a=5, b=2, c=9, d=7), team("乙", c=1), team("丙")], most=2)
    assert table.sources == ("c", "b", OTHERS)
    assert [row.days for row in table.rows] == [(9, 2, 5), (1, None, None), (None, None, None)]
    assert (table.left_out, [row.any for row in table.rows]) == (2, [True, True, False])


def test_desk_says_why_a_source_is_not_normal(world: World) -> None:
    with world.system.database.write() as session:
        session.get_one(Source, "jbrb").failures = 9
    page = world.client("sys").get("/").text
    assert "从未采集成功，已失败 9 次" in page


def run(world: World, *words: str, code: int = 0, **more: str) -> str:
    settings = world.system.settings
    environment = {
        "SHIJI_DATA": str(settings.data), "SHIJI_DATABASE": settings.database,
        "SHIJI_ALLOW_PRIVATE": settings.allow_private, **more,
    }  # fmt: skip
    done = CliRunner().invoke(commands, list(words), env=environment)
    assert done.exit_code == code, done.output
    return done.output


def test_commands_of_the_register(world: World, press: Press, tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(
        f"sources:\n- {{id: neu, name: 新站, kind: list, url: '{list_page(press)}', permission: 公开,\n"
        "   rate_seconds: 0, config: {selector: 'ul.news_list > li'}}\n- {id: weg, name: 无, kind: feed, url: 'http://127.0.0.1:9/',"
        " permission: 公开}\n",
        encoding="utf-8",
    )
    lines = [json.loads(line) for line in run(world, "sources", "preview", str(file), "--json").splitlines()]
    assert [(line["id"], line["wanted"]) for line in lines] == [("neu", 12), ("weg", 0)]
    assert lines[1]["errors"][0]["code"] == "FETCH-PRIVATE"
    assert "12 would come in" in run(world, "sources", "preview", str(file), "--id", "neu")
    assert "新增 neu" in run(world, "sources", "import", str(file))
    run(world, "sources", "export", str(tmp_path / "out.opml"))
    assert "ul.news_list" in (tmp_path / "out.opml").read_text(encoding="utf-8")


def test_bundles_by_command_go_on_where_the_last_one_ended(databases: Any, world: World, tmp_path: Path) -> None:
    assert "bundle.pub" in run(world, "bundle", "keygen")
    assert " documents, " in run(world, "bundle", "export", str(tmp_path / "a.zip"))
    assert "0 documents, 0 originals" in run(world, "bundle", "export", str(tmp_path / "b.zip"))
    inner = tmp_path / "inner"
    (inner / "keys" / "trusted").mkdir(parents=True)
    key = (world.system.settings.data / "keys" / "bundle.pub").read_text()
    (inner / "keys" / "trusted" / "outer.pub").write_text(key)
    town = {"SHIJI_DATA": str(inner), "SHIJI_DATABASE": databases.new(inner)}
    said = run(world, "bundle", "import", str(tmp_path / "a.zip"), **town)
    assert "9 new, 0 known, 0 refused" in said  # the tenth is quarantined and stays where it is
    again = run(world, "bundle", "import", str(tmp_path / "a.zip"), **town)
    assert "0 new, 9 known" in again
