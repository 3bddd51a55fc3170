"""The first page of 干部监督处 and of the leaders: what waits for them, no more (domain.md §6.1, §2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.acts.sealing import year_of
from api.system import System
from dossier.batches import SeedStatistic, seed_statistic
from dossier.compartment import register, requests, supervision
from dossier.scope import Viewer
from dossier.talks.plans import APPROVED, DRAFT
from dossier.talks.register import TalkLine
from dossier.talks.register import register as talk_register

STARTERS = {"SUP": "干部监督处工作台", "DEP": "部领导工作台", "MIN": "部领导工作台"}
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Lane:
    """Something that waits, and where it is done."""

    path: str
    name: str
    count: int


def start_values(system: System, viewer: Viewer) -> dict[str, Any]:
    """All that the first page of SUP, DEP or MIN shows."""
    values: dict[str, Any] = {"title": STARTERS[viewer.role], "requests": [], "talks": [], "statistic": None}
    values["lanes"] = _supervision(system, viewer) if viewer.role == "SUP" else _leader(system, viewer, values)
    return values


def _supervision(system: System, viewer: Viewer) -> list[Lane]:
    today = system.settings.today()
    with system.database.read() as session:
        vault = system.vault(session)
        waiting = register.waiting(session, vault, viewer)
        lines = register.register(session, vault, viewer, *year_of(today))
        acts = supervision.supervision_register(session, vault, viewer, today)
    return [
        Lane("/matters", "重要事项待接收", len(waiting)),
        Lane("/matters", "重要事项办理中", sum(line.state == "已接收" for line in lines)),
        Lane("/supervision", "监督谈话待回复、待报告", sum(bool(act.waiting) for act in acts)),
        Lane("/supervision", "其中已超期", sum(act.overdue for act in acts)),
    ]


def _leader(system: System, viewer: Viewer, values: dict[str, Any]) -> list[Lane]:
    today = system.settings.today()
    with system.database.read() as session:
        vault = system.vault(session)
        asked = requests.requests_for(session, vault, viewer, today)
        planned: list[TalkLine] = [
            talk
            for talk in talk_register(session, viewer, today, today + AHEAD, today)
            if talk.state in (DRAFT, APPROVED)
        ]
        lines = register.register(session, vault, viewer, *year_of(today))
        statistic: SeedStatistic = seed_statistic(session, viewer, *year_of(today))
    values |= {"requests": asked, "talks": planned[::-1], "statistic": statistic}
    return [
        Lane("/talks/requests", "约谈申请待答复", sum(r.state == "待答复" for r in asked)),
        Lane("/talks", "谈话计划待审定", sum(t.state == DRAFT for t in planned)),
        Lane("/matters", "指定阅看的重要事项", sum(line.state == "已接收" for line in lines)),
    ]
