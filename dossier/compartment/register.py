"""What the compartment shows: the register, one matter, a unit's own list, what waits for a receipt (R-04)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.compartment import kinds
from dossier.compartment.kinds import MatterData
from dossier.compartment.matters import ACT_PLACE, CLOSED, KEPT, MERGED, WAITING, data_in
from dossier.compartment.rights import KEEPERS, RECEIVERS, get_matter, readable, require
from dossier.scope import Viewer
from storage.settings import CHINA
from storage.tables import Cadre, ImportantMatter, MatterAct, MatterReader, Team, User
from storage.vault import Vault

SHORT_TERM = frozenset({kinds.ILLNESS, kinds.FAMILY})


@dataclass(frozen=True)
class MatterLine:
    """One line of the register; only for those who may read the matter."""

    id: int
    receipt: str
    kind: str
    state: str
    team: str
    cadre: str
    occurred: str
    reported: str
    lateness: str
    direct: bool
    destroy_from: date | None  # health and family: a year after closing


@dataclass(frozen=True)
class WaitingLine:
    """What the one who gives a receipt sees: kind, unit, time."""

    id: int
    kind: str
    team: str
    reported: str


@dataclass(frozen=True)
class OwnLine:
    """A unit's own report: kind, times, receipt; never its content."""

    id: int
    kind: str
    reported: str
    state: str
    receipt: str


@dataclass(frozen=True)
class ActLine:
    """Something that was done on a matter."""

    at: str
    by: str
    kind: str
    text: str


@dataclass(frozen=True)
class ReaderLine:
    """A named reader."""

    id: int
    name: str
    role: str


@dataclass
class MatterFile:
    """One matter as one page."""

    line: MatterLine
    data: MatterData
    received: str
    receiver: str
    into: str
    joined: list[str]
    acts: list[ActLine]
    readers: list[ReaderLine]


def register(session: Session, vault: Vault, viewer: Viewer, since: date, until: date) -> list[MatterLine]:
    """Matters the viewer may read, reported in these days (both included), newest first."""
    rows = session.scalars(
        select(ImportantMatter)
        .where(readable(viewer))
        .order_by(ImportantMatter.reported_at.desc(), ImportantMatter.id.desc())
    ).all()
    names = _Names(session)
    inside = [r for r in rows if since <= r.reported_at.astimezone(CHINA).date() <= until]
    return [_line(vault, names, row) for row in inside]


def waiting(session: Session, vault: Vault, viewer: Viewer) -> list[WaitingLine]:
    """Reports that wait for a receipt, of the viewer's zones. Raises RIGHTS-ROLE."""
    require(viewer, RECEIVERS)
    names, found = _Names(session), []
    rows = session.scalars(select(ImportantMatter).where(ImportantMatter.state == WAITING).order_by(ImportantMatter.id))
    for row in rows:
        team = names.teams[data_in(vault, row).team_id]
        open_ = viewer.role in KEEPERS or viewer.zones is None or team.zone_id in viewer.zones
        if open_ and team.id not in viewer.recused_teams:
            found.append(WaitingLine(row.id, row.kind, team.short, _moment(row.reported_at)))
    return found


def own(session: Session, vault: Vault, viewer: Viewer) -> list[OwnLine]:
    """What the viewer's unit has reported, without what came past its main leader."""
    rows = session.scalars(
        select(ImportantMatter)
        .where(ImportantMatter.team_mark == vault.mark("team", viewer.team_id), ImportantMatter.direct.is_(False))
        .order_by(ImportantMatter.id.desc())
    )
    return [OwnLine(r.id, r.kind, _moment(r.reported_at), r.state, r.receipt or "") for r in rows]


def matter_file(session: Session, vault: Vault, viewer: Viewer, matter_id: int) -> MatterFile:
    """One matter with its acts and readers. Raises MATTER-UNKNOWN."""
    row = get_matter(session, viewer, matter_id)
    names = _Names(session)
    acts = session.scalars(select(MatterAct).where(MatterAct.matter_id == row.id).order_by(MatterAct.id))
    readers = session.execute(
        select(MatterReader.id, User.name, User.role)
        .join(User, MatterReader.user_id == User.id)
        .where(MatterReader.matter_id == row.id, MatterReader.ended_at.is_(None))
        .order_by(MatterReader.id)
    )
    joined = session.scalars(select(ImportantMatter.receipt).where(ImportantMatter.merged_into == row.id))
    into = session.get(ImportantMatter, row.merged_into) if row.merged_into else None
    return MatterFile(
        _line(vault, names, row), data_in(vault, row), _moment(row.received_at),
        names.users.get(row.received_by or 0, ""), (into.receipt or "") if into else "", [r or "" for r in joined],
        [_act(vault, names, act) for act in acts], [ReaderLine(*r) for r in readers],
    )  # fmt: skip


def count_for_brief(session: Session, vault: Vault | None, viewer: Viewer, cadre_id: str, since: date) -> int:
    """Matters of a cadre since a day that this viewer may read, merged ones once; the brief says no more than this."""
    if vault is None:
        return 0
    rows = session.scalars(
        select(ImportantMatter).where(
            readable(viewer), ImportantMatter.cadre_mark == vault.mark("cadre", cadre_id),
            ImportantMatter.state != MERGED,
        )
    )  # fmt: skip
    return sum(row.reported_at.astimezone(CHINA).date() >= since for row in rows)


class _Names:
    """Names by id, read once for a page."""

    def __init__(self, session: Session) -> None:
        self.teams = {t.id: t for t in session.scalars(select(Team))}
        self.cadres = dict(session.execute(select(Cadre.id, Cadre.name)).all())
        self.users = dict(session.execute(select(User.id, User.name)).all())


def _line(vault: Vault, names: _Names, row: ImportantMatter) -> MatterLine:
    data = data_in(vault, row)
    occurred = f"{data.occurred_on}{' ' + data.occurred_hour if data.occurred_hour else ''}"
    late = kinds.lateness_text(kinds.lateness(data, row.reported_at))
    keep = row.closed_on + KEPT if row.state == CLOSED and row.kind in SHORT_TERM and row.closed_on else None
    cadre = names.cadres.get(data.cadre_id, data.cadre_name)
    return MatterLine(
        row.id, row.receipt or "", row.kind, row.state, names.teams[data.team_id].short, cadre,
        occurred, _moment(row.reported_at), late, row.direct, keep,
    )  # fmt: skip


def _act(vault: Vault, names: _Names, act: MatterAct) -> ActLine:
    values = vault.open(ACT_PLACE, act.sealed)
    if "user" in values:
        values = {"user": names.users.get(values["user"], "")}
    said = [str(values[key]) for key in ("receipt", "user", "on", "note", "reason", "into", "from") if values.get(key)]
    return ActLine(_moment(act.at), names.users.get(act.user_id, ""), act.kind, "　".join(said))


def _moment(value: Any) -> str:
    return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}" if value else ""


def due_for_destruction(lines: Iterable[MatterLine], today: date) -> list[MatterLine]:
    """Closed health and family matters whose year is over: for the destruction list."""
    return [line for line in lines if line.destroy_from is not None and line.destroy_from <= today]
