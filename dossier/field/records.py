"""Full 六字 records: entered once, supporting many items; read back with what they support (domain.md §1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from dossier.field.forms import FORMS, FieldSpec, Form, filled, form_of, named_officers
from dossier.review import get_evidence, require_decider
from dossier.scope import Viewer, evidence_clause, get_team, require_reader, team_clause
from dossier.verify import RecordData, check_linkable, keep_record, link
from storage.errors import ShijiError
from storage.tables import (
    Evidence,
    FieldRecord,
    RecordDetail,
    RecordLink,
    RecordTeam,
    Task,
    TaskClaim,
    TaskClaimRecord,
    Team,
    User,
)


@dataclass(frozen=True)
class RecordForm:
    """A record as typed. fields: keys of the channel's form; items: evidence it supports; teams: whom it concerns."""

    channel: str
    on: date
    summary: str
    fields: dict[str, str] = field(default_factory=dict)
    officers: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    teams: tuple[str, ...] = ()
    self_reported: bool = False
    official: bool = False


@dataclass(frozen=True)
class RecordView:
    """A record as shown. supports: (id, code, team) of items; claims: (task, quarter, name) of progress."""

    id: int
    channel: str
    form: str
    said: str
    on: date
    summary: str
    nature: str
    fields: tuple[tuple[str, str], ...]
    officers: tuple[str, ...]
    teams: tuple[str, ...]
    supports: tuple[tuple[int, str, str], ...]
    claims: tuple[tuple[int, int, str], ...]
    who: str


def enter(session: Session, viewer: Viewer, form: RecordForm, today: date) -> FieldRecord:
    """Enter a full record and let it support items. Raises RIGHTS-ROLE, RECORD-…, STATE-ORDER, TEAM-UNKNOWN."""
    require_decider(viewer)
    spec = form_of(form.channel)
    kept = filled(form.channel, form.fields, form.summary)
    officers = named_officers(form.channel, form.officers)
    if form.official and form.channel not in ("查", "调"):
        raise ShijiError("RECORD-OFFICIAL", "只有查阅资料、数据调阅可以登记为正式文件", form.channel, "请改选查或调。")
    if form.official and form.self_reported:
        raise ShijiError("RECORD-OFFICIAL", "单位自报的材料不能登记为上级或权威部门文件", form.channel, "请核对来源。")
    items = [get_evidence(session, viewer, key, lock=True) for key in dict.fromkeys(form.items)]
    for item in items:
        check_linkable(item)
    teams = {get_team(session, viewer, key).id for key in form.teams} | {i.team_id for i in items if i.team_id}
    if not teams and not items:
        raise ShijiError("RECORD-TEAM", "没有说明核查的是哪个班子", spec.name, "请选择班子，或勾选本次核查支持的事项。")
    data = RecordData(
        form.channel, form.on, form.summary, form.self_reported or spec.self_reported, form.official,
        _document(form.channel, kept) if form.official else "",
    )  # fmt: skip
    record = keep_record(session, viewer, data, today)
    session.add(RecordDetail(field_record_id=record.id, content=kept, officers=list(officers)))
    session.add_all(RecordTeam(field_record_id=record.id, team_id=team) for team in sorted(teams))
    session.flush()
    for item in items:
        link(session, viewer, item, record)
    return record


def support(session: Session, viewer: Viewer, record_id: int, item_ids: Sequence[int]) -> FieldRecord:
    """Let a record that exists support further items. Raises RECORD-UNKNOWN, STATE-ORDER."""
    require_decider(viewer)
    record = get_record(session, viewer, record_id)
    held = set(session.scalars(select(RecordLink.evidence_id).where(RecordLink.field_record_id == record.id)))
    told = set(session.scalars(select(RecordTeam.team_id).where(RecordTeam.field_record_id == record.id)))
    for key in dict.fromkeys(item_ids):
        if key in held:
            continue
        item = get_evidence(session, viewer, key, lock=True)
        check_linkable(item)
        link(session, viewer, item, record)
        if item.team_id and item.team_id not in told:
            session.add(RecordTeam(field_record_id=record.id, team_id=item.team_id))
            told.add(item.team_id)
    session.flush()
    return record


def get_record(session: Session, viewer: Viewer, record_id: int) -> FieldRecord:
    """A record about something in scope. Raises RECORD-UNKNOWN."""
    row = session.scalar(_query(viewer).where(FieldRecord.id == record_id))
    if row is None:
        raise ShijiError("RECORD-UNKNOWN", "没有这条核查记录，或不在您的范围", str(record_id), "请从核查记录进入。")
    return row


def list_records(
    session: Session, viewer: Viewer, since: date, until: date, channel: str = "", team_id: str = ""
) -> list[RecordView]:
    """Records of a span in scope, newest first."""
    query = _query(viewer).where(FieldRecord.on >= since, FieldRecord.on <= until)
    if channel:
        form_of(channel)
        query = query.where(FieldRecord.channel == channel)
    if team_id:
        query = query.where(_about(get_team(session, viewer, team_id).id))
    return views(session, viewer, session.scalars(query.order_by(FieldRecord.on.desc(), FieldRecord.id.desc())))


def views(session: Session, viewer: Viewer, records: Iterable[FieldRecord]) -> list[RecordView]:
    """Records as shown: supported items only where the viewer may open them."""
    rows = list(records)
    ids = [row.id for row in rows]
    details = {d.field_record_id: d for d in session.scalars(
        select(RecordDetail).where(RecordDetail.field_record_id.in_(ids))
    )}  # fmt: skip
    items: dict[int, list[tuple[int, str, str]]] = {}
    for key, item, code, team in session.execute(
        select(RecordLink.field_record_id, Evidence.id, Evidence.code, Team.short)
        .join(Evidence, RecordLink.evidence_id == Evidence.id)
        .outerjoin(Team, Evidence.team_id == Team.id)
        .where(RecordLink.field_record_id.in_(ids), evidence_clause(viewer))
        .order_by(Evidence.id)
    ):
        items.setdefault(key, []).append((item, code, team or ""))
    teams: dict[int, list[str]] = {}
    for key, name in session.execute(
        select(RecordTeam.field_record_id, Team.short)
        .join(Team, RecordTeam.team_id == Team.id)
        .where(RecordTeam.field_record_id.in_(ids), team_clause(viewer))
        .order_by(Team.ordinal)
    ):
        teams.setdefault(key, []).append(name)
    claims: dict[int, list[tuple[int, int, str]]] = {}
    for key, task, quarter, number, team in session.execute(
        select(TaskClaimRecord.field_record_id, Task.id, TaskClaim.quarter, Task.number, Team.short)
        .join(TaskClaim, TaskClaimRecord.claim_id == TaskClaim.id)
        .join(Task, TaskClaim.task_id == Task.id)
        .join(Team, Task.team_id == Team.id)
        .where(TaskClaimRecord.field_record_id.in_(ids), team_clause(viewer))
        .order_by(Team.ordinal, Team.id, Task.number, TaskClaim.quarter)
    ):
        claims.setdefault(key, []).append((task, quarter, f"{team}{number}号任务第 {quarter} 季度"))
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_({r.user_id for r in rows}))).all())
    return [
        RecordView(
            r.id, r.channel, FORMS[r.channel].name, FORMS[r.channel].said, r.on, r.summary, nature(r),
            _shown(FORMS[r.channel], details.get(r.id)), tuple(details[r.id].officers) if r.id in details else (),
            tuple(teams.get(r.id, dict.fromkeys(t for _, _, t in items.get(r.id, []) if t))),
            tuple(items.get(r.id, ())), tuple(claims.get(r.id, ())), names.get(r.user_id, ""),
        )
        for r in rows
    ]  # fmt: skip


def nature(record: FieldRecord) -> str:
    """正式文件, 单位自报 or 独立渠道."""
    if record.official:
        return f"正式文件：{record.document_no}"
    return "单位自报" if record.self_reported else "独立渠道"


def specs(channel: str) -> tuple[FieldSpec, ...]:
    """The fields that a channel's form asks for."""
    return form_of(channel).fields


def _document(channel: str, kept: dict[str, str]) -> str:
    if channel == "查":
        return f"《{kept['document'].strip('《》')}》{kept['number']}"
    return f"{kept['provider']}《{kept['table'].strip('《》')}》回执{kept['receipt']}"


def _shown(form: Form, detail: RecordDetail | None) -> tuple[tuple[str, str], ...]:
    if detail is None:
        return ()
    return tuple((spec.name, detail.content[spec.key]) for spec in form.fields if spec.key in detail.content)


def _query(viewer: Viewer) -> Select[FieldRecord]:
    """Records about a visible team or item; one that concerns a recused team or a closed item alone is not there."""
    require_reader(viewer)
    about_items = exists().where(RecordLink.field_record_id == FieldRecord.id)
    seen_item = exists().where(
        RecordLink.field_record_id == FieldRecord.id, RecordLink.evidence_id == Evidence.id, evidence_clause(viewer)
    )
    of_team = exists().where(
        RecordTeam.field_record_id == FieldRecord.id, RecordTeam.team_id == Team.id, team_clause(viewer)
    )
    of_claim = exists().where(
        TaskClaimRecord.field_record_id == FieldRecord.id, TaskClaimRecord.claim_id == TaskClaim.id,
        TaskClaim.task_id == Task.id, Task.team_id == Team.id, team_clause(viewer),
    )  # fmt: skip
    return select(FieldRecord).where(or_(seen_item, of_claim, and_(of_team, ~about_items)))


def _about(team_id: str) -> ColumnElement[bool]:
    """Condition: the record concerns this team, by itself, through an item or through a claim."""
    return or_(
        exists().where(RecordTeam.field_record_id == FieldRecord.id, RecordTeam.team_id == team_id),
        exists().where(
            RecordLink.field_record_id == FieldRecord.id, RecordLink.evidence_id == Evidence.id,
            Evidence.team_id == team_id,
        ),
        exists().where(
            TaskClaimRecord.field_record_id == FieldRecord.id, TaskClaimRecord.claim_id == TaskClaim.id,
            TaskClaim.task_id == Task.id, Task.team_id == team_id,
        ),
    )  # fmt: skip
