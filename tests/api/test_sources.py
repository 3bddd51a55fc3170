"""采集与来源: states with reasons, switching with a reason, collecting now, coverage by zone."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from web_world import World

from api.acts import collecting
from api.commands.data import register
from collector.schedule import hold_lock
from demo.press import demo_sources, start_press
from storage.settings import Settings
from storage.tables import Failure, Run, Source, now


@pytest.fixture
def troubled(world: World) -> World:
    """One source that failed with a reason, one page that could not be had."""
    with world.system.database.write() as session:
        source = session.get_one(Source, "jbrb")
        source.failures, source.last_success_at = 1, now() - timedelta(minutes=30)
        session.add(Run(source_id="jbrb", finished_at=now(), status="failed", error="网站返回状态码 404"))
        session.add(Failure(source_id="ribao", url="http://a.example/1.html", code="PAGE-EMPTY", message="没有正文"))
    return world


def test_states_come_with_their_reason(troubled: World) -> None:
    page = troubled.client("off1").get("/sources").text
    assert "网站返回状态码 404" in page
    assert "http://a.example/1.html" in page
    rows = {row["id"]: row for row in troubled.client("sys").get("/api/sources").json()}
    assert rows["jbrb"]["state"] == "失败"
    assert rows["ribao"]["failed_pages"] == 1
    assert rows["ribao"]["state"] == "未运行"


def test_history_of_one_source(troubled: World) -> None:
    page = troubled.client("head").get("/sources/jbrb").text
    assert "采集记录" in page
    assert "失败" in page
    one = troubled.client("head").get("/api/sources/jbrb").json()
    assert one["runs"][0]["status"] == "failed"
    assert troubled.client("head").get("/sources/nope").status_code == 404


def test_switching_needs_sys_and_a_reason_and_is_recorded(world: World) -> None:
    client = world.client("sys")
    assert client.post("/sources/ribao/switch", data={"enabled": "false"}).status_code == 422
    refused = world.client("head").post("/sources/ribao/switch", data={"enabled": "false", "reason": "x"})
    assert refused.status_code == 403
    done = client.post("/sources/ribao/switch", data={"enabled": "false", "reason": "栏目改版"})
    assert done.status_code == 303
    assert "已停用" in client.get("/sources/ribao").text
    log = world.client("aud").get("/api/audit", params={"act": "source-disable"}).json()["entries"]
    assert "栏目改版" in log[0]["detail"]
    again = client.post("/api/sources/ribao/switch", json={"enabled": True, "reason": "恢复"}).json()
    assert again["enabled"] is True


def test_sys_sees_sources_but_no_coverage_of_teams(world: World) -> None:
    assert "覆盖情况" not in world.client("sys").get("/sources").text
    assert world.client("sys").get("/api/coverage").status_code == 403
    assert world.client("aud").get("/sources").status_code == 403


def test_coverage_keeps_to_the_zone_and_says_when_thin(world: World) -> None:
    rows = {row["team_id"]: row for row in world.client("off1").get("/api/coverage").json()}
    assert "MB01" not in rows
    assert rows["D02"]["thin"] is False
    assert {seen["source"] for seen in rows["D02"]["seen"]} == {"澜宁日报", "江北日报"}
    assert rows["D04"] == {"team_id": "D04", "team": "长渚区", "seen": [], "thin": True}
    page = world.client("off1").get("/sources").text
    assert "信息不足" in page


def test_collecting_now_visits_all_sources_with_progress(world: World) -> None:
    with start_press({"ribao": 0, "jbrb": 0, "lanfa": 0}) as press:
        settings = Settings(
            data_text=str(world.system.settings.data), allow_private=press.allow_private, today_text="2025-10-16"
        )
        world.system.settings = settings
        data = demo_sources(press.ports)
        data["sources"] = [s for s in data["sources"] if s["id"] in ("tongbao", "zhuanlan")]
        with world.system.database.write() as session:
            for source in session.query(Source):
                source.enabled = False
        register(world.system, data, "sources.yaml")
        world.system.__dict__["work"] = lambda: 0
        client = world.client("head")
        begun = client.post("/sources/collect")
        assert begun.status_code == 303
        since = begun.headers["location"].split("since=")[1]
        for _ in range(200):
            state = client.get(f"/api/collections/{since}").json()
            if state["visited"] == 2:
                break
            time.sleep(0.05)
        assert (state["sources"], state["visited"], state["failed"]) == (2, 2, 1)
        assert state["documents"] > 5
        assert state["done"] is False  # nothing has been understood yet
        assert "新文稿分析 0 /" in client.get("/sources/progress", params={"since": since}).text
        wait_for_lock(world)


def test_where_the_scheduler_runs_sources_are_made_due(world: World) -> None:
    with world.system.database.write() as session:
        session.get_one(Source, "ribao").next_due_at = now() + timedelta(hours=1)
    lock = hold_lock(world.system.settings.data)
    try:
        collecting.collect_now(world.system)
    finally:
        lock.close()
    with world.system.database.read() as session:
        assert session.get_one(Source, "ribao").next_due_at is None


def test_officers_cannot_start_a_collection(world: World) -> None:
    assert world.client("off1").post("/sources/collect").status_code == 403
    assert world.client("off1").post("/api/collections").status_code == 403


def test_a_garbled_progress_address_is_refused(world: World) -> None:
    assert world.client("head").get("/sources/progress", params={"since": "x"}).status_code == 422


def wait_for_lock(world: World) -> None:
    """The background thread ends by giving the lock back."""
    for _ in range(200):
        try:
            hold_lock(world.system.settings.data).close()
            return
        except Exception:
            time.sleep(0.05)
    raise AssertionError("collecting did not end")
