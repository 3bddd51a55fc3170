"""Learning from officers' decisions: a trial, its comparison with the model in use, and which model that is."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.access import audit
from api.system import System
from dossier.drift import drift
from dossier.scope import Viewer
from dossier.verdicts import verdicts
from nlp.learn import Trial
from nlp.topic import TopicClassifier, save_model
from nlp.train_data import read_examples
from storage.errors import ShijiError
from storage.tables import Decision, ModelRun, now

log = logging.getLogger("shiji.learning")
LEAST_NEW = 20  # decisions since the last run; fewer teach nothing new
CHECKED_OWN = 7  # one of so many of our own passages is measured on


def train_from_decisions(system: System, viewer: Viewer | None) -> ModelRun:
    """Learn, compare, and put the new model to use only where no guarded figure fell. Every run is on record."""
    from nlp.learn import learn

    with system.database.read() as session:
        found = verdicts(session)
        last = session.scalar(select(Decision.id).order_by(Decision.id.desc()).limit(1)) or 0
    model = system.model
    own = [e for n, e in enumerate(read_examples()) if n % CHECKED_OWN == 0]
    corrected, trial = learn(model, [v.example for v in found], own)
    name, digest = _save(system, corrected, trial) if trial.accepted else ("", "")
    with system.database.write() as session:
        run = ModelRun(
            user_id=viewer.user_id if viewer else None, name=name, sha256=digest, parent=model.version,
            version=corrected.version if trial.accepted else "", learned_from=trial.learned_from, frozen=trial.frozen,
            measured=_figures(trial), refused=list(trial.refused), last_decision=last, active=False,
        )  # fmt: skip
        session.add(run)
        session.flush()
        if trial.accepted:
            _activate(session, run, "训练后各项指标均未下降，自动启用")
        audit.record(
            session, viewer, "model-train", "model", run.version or "refused",
            detail={"learned_from": run.learned_from, "frozen": run.frozen, "refused": run.refused},
        )  # fmt: skip
    system.refresh_model()
    return run


def nightly(system: System) -> ModelRun | None:
    """The run of the night: only where enough was decided since the last one. Sources that changed are logged."""
    with system.database.read() as session:
        for row in drift(session):
            log.warning(
                "labels of source %s changed in %s by %.2f: check its items", row.source, row.month, row.distance
            )
        seen = session.scalar(select(ModelRun.last_decision).order_by(ModelRun.id.desc()).limit(1)) or 0
        fresh = len([v for v in verdicts(session) if v.decision_id > seen])
    return train_from_decisions(system, None) if fresh >= LEAST_NEW else None


def use_model(system: System, viewer: Viewer, run_id: int, reason: str) -> None:
    """Go to an earlier model, or with 0 back to the shipped one. Raises MODEL-UNKNOWN, MODEL-REASON, NLP-M02."""
    if not reason.strip():
        raise ShijiError("MODEL-REASON", "更换模型须写明理由", "", "请填写理由。")
    with system.database.write() as session:
        run = session.get(ModelRun, run_id) if run_id else None
        if run_id and (run is None or not run.name or not (system.models / run.name).exists()):
            raise ShijiError("MODEL-UNKNOWN", "没有这个模型，或训练时未通过比较", str(run_id), "请从模型列表选择。")
        _activate(session, run, reason.strip())
        version = run.version if run else "shipped"
        audit.record(session, viewer, "model-use", "model", version, detail={"reason": reason.strip()})
    system.refresh_model()


def model_runs(session: Session) -> list[dict[str, Any]]:
    """All runs, the latest first."""
    rows = session.scalars(select(ModelRun).order_by(ModelRun.id.desc()))
    return [
        {
            "id": r.id, "at": r.at, "version": r.version, "parent": r.parent, "learned_from": r.learned_from,
            "frozen": r.frozen, "measured": r.measured, "refused": r.refused, "active": r.active,
            "usable": bool(r.name), "changed_at": r.changed_at, "reason": r.reason, "nightly": r.user_id is None,
        }
        for r in rows
    ]  # fmt: skip


def _activate(session: Session, run: ModelRun | None, reason: str) -> None:
    session.execute(
        update(ModelRun).where(ModelRun.active.is_(True)).values(active=False, changed_at=now(), reason=reason)
    )
    if run is not None:
        run.active, run.changed_at, run.reason = True, now(), reason


def _save(system: System, model: TopicClassifier, trial: Trial) -> tuple[str, str]:
    system.models.mkdir(parents=True, exist_ok=True)
    name = f"topic-{now():%Y%m%d}-{model.version.split('~')[-1]}.npz"
    path: Path = system.models / name
    card: dict[str, object] = {"trained_on": f"officers' decisions: {trial.learned_from}", "measured": _figures(trial)}
    return name, save_model(model, path, card)


def _figures(trial: Trial) -> dict[str, Any]:
    named = {"old": trial.old, "new": trial.new, "old_own": trial.old_own, "new_own": trial.new_own}
    return {name: asdict(value) for name, value in named.items() if value is not None}
