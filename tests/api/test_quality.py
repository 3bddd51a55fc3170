"""The quality page speaks of the machine only; models are tried, compared, switched and switched back with a reason."""

from __future__ import annotations

from threading import Event

import pytest
from record_world import SOURCES, collect
from sqlalchemy import select
from web_world import World, world, world_template

from api.acts import learning
from api.serve import work_until
from nlp.learn import Trial, correct
from nlp.topic import load_topic_model, save_model
from nlp.train import Measured
from nlp.train_data import read_examples
from storage.tables import AuditEntry, ModelRun, Passage

__all__ = ["world", "world_template"]
GOOD = Measured(40, 0.9, 0.95, 0.9, 0.95, 0.9, 0.03, 0.95)


@pytest.fixture
def decided(world: World) -> World:
    client = world.client("off1")
    for key, body in (
        ("practice", {}),
        ("park", {}),
        ("road", {"label": "routine", "sub_type": "YB3", "reason": "无实质做法"}),
    ):
        item = world.items[key]
        answer = (
            client.post(f"/api/evidence/{item}/correct", json=body)
            if body
            else client.post(f"/api/evidence/{item}/accept", json={})
        )
        assert answer.status_code == 200, answer.text
    return world


def test_figures_come_from_decisions_and_name_no_team(decided: World) -> None:
    shown = decided.client("kh").get("/api/quality").json()
    assert (shown["verdicts"], shown["stood"]) == (3, 2)
    practice = next(row for row in shown["labels"] if row["label"] == "practice")
    assert (practice["said"], practice["stood"], practice["precision"]) == (3, 2, pytest.approx(2 / 3))
    routine = next(row for row in shown["labels"] if row["label"] == "routine")
    assert (routine["wanted"], routine["recall"]) == (1, 0.0)
    page = decided.client("kh").get("/quality").text
    assert "机器判定的分类是否成立" in page
    assert not any(name in page.split("<main")[1] for name in ("青棠区", "望澜区", "苏禾", "苗知远"))


def test_an_undone_decision_does_not_count(decided: World) -> None:
    assert decided.client("off1").post(f"/api/evidence/{decided.items['road']}/undo", json={}).status_code == 200
    assert decided.client("kh").get("/api/quality").json()["verdicts"] == 2


def test_too_few_decisions_are_refused_and_on_record(decided: World) -> None:
    client = decided.client("sys")
    answer = client.post("/api/models/train").json()
    assert not answer["accepted"]
    assert "少于" in answer["refused"][0]
    assert [r["active"] for r in client.get("/api/models").json()] == [False]
    with decided.system.database.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "model-train")).one()


def test_an_accepted_model_is_used_and_can_be_taken_back(decided: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = load_topic_model(with_encoder=decided.system.settings.topic_encoder)
    decided.system.__dict__["model"] = shipped

    def better(model, verdicts, own):
        from dataclasses import replace

        return replace(model, version="topic-shipped~abc12345", bias=model.bias + 1), Trial(
            len(verdicts), 40, GOOD, GOOD, GOOD, GOOD, ()
        )

    monkeypatch.setattr("nlp.learn.learn", better)
    client = decided.client("sys")
    run = client.post("/api/models/train").json()
    assert run["accepted"]
    assert decided.system.model.version.startswith("topic-shipped~abc12345")
    assert client.post("/api/models/use", json={"run": 0}).json()["error"]["code"] == "MODEL-REASON"
    assert client.post("/api/models/use", json={"run": 0, "reason": "回退"}).json()["model"] == shipped.version
    assert client.post("/api/models/use", json={"run": run["id"], "reason": "再启用"}).status_code == 200
    assert client.post("/api/models/use", json={"run": 99, "reason": "x"}).json()["error"]["code"] == "MODEL-UNKNOWN"
    with decided.system.database.read() as session:
        assert [r.active for r in session.scalars(select(ModelRun))] == [True]
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "model-use")).all()) == 2


def test_a_running_worker_takes_over_what_another_process_put_to_use(decided: World) -> None:
    system = decided.system
    learned = correct(system.model, read_examples()[:200])
    system.models.mkdir()
    save_model(learned, system.models / "other.npz", {})
    with system.database.write() as session:
        session.add(ModelRun(name="other.npz", version=learned.version, active=True))
    work_until(system, Event())
    assert system.model.version.startswith(learned.version)
    assert system.intake.model_version == system.model.version


def test_the_nightly_run_waits_for_enough_new_decisions(decided: World) -> None:
    assert learning.nightly(decided.system) is None


@pytest.mark.parametrize(("login", "reads", "trains"), [("off1", 403, 403), ("kh", 200, 403), ("aud", 403, 403)])
def test_who_reads_and_who_trains(decided: World, login: str, reads: int, trains: int) -> None:
    client = decided.client(login)
    assert client.get("/api/quality").status_code == reads
    assert client.post("/api/models/train").status_code == trains


def test_what_the_machine_is_least_sure_of_can_come_first(world: World) -> None:
    page = world.client("off1").get("/queue?first=unsure").text
    assert "先看机器拿不准的" in page


def _came(world: World, published: str, label: str, count: int, restricted: bool = False) -> None:
    """`count` passages of one day of the first source, all with one label."""
    document = collect(
        world.system.database, next(iter(SOURCES)), "例行消息", published, f"{published}{label}{restricted}"
    )
    with world.system.database.write() as session:
        for number in range(count):
            session.add(
                Passage(
                    document_id=document, ordinal=number, start=0, end=1, text="例行消息。", label=label,
                    restricted=restricted,
                )
            )  # fmt: skip


def test_a_source_that_changes_its_mixture_is_named_to_those_who_check(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    _came(world, "2026-04-06 09:00", "practice", 40)
    _came(world, "2026-05-06 09:00", "practice", 12)
    _came(world, "2026-05-07 09:00", "irrelevant", 10, restricted=True)  # counted nowhere: else 0.45 would be told
    kh = world.client("kh")
    assert kh.get("/api/quality").json()["drift"] == [], "too few of the month to tell"
    assert "分类构成与以前明显不同" not in kh.get("/").text
    _came(world, "2026-05-08 09:00", "problem", 12)
    name = next(iter(SOURCES.values()))[0]
    (row,) = kh.get("/api/quality").json()["drift"]
    assert row == {"source": name, "month": "2026-05", "distance": pytest.approx(0.5, abs=0.05), "passages": 24}
    for login, told in (("kh", True), ("sys", True), ("off1", False)):
        page = world.client(login).get("/").text
        assert ("分类构成与以前明显不同" in page) is told
        assert not told or f"（{name}）" in page
    assert f"{name}：2026-05" in kh.get("/quality").text
    learning.nightly(world.system)
    assert f"labels of source {name} changed in 2026-05" in caplog.text
