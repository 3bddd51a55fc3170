"""Important matters from the report to the closing (domain.md §1.11 b). No name leaves this room unsealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier.compartment import kinds
from dossier.compartment.kinds import MatterData, data_of
from dossier.compartment.posts import leads
from dossier.compartment.rights import KEEPERS, NAMED, RECEIVERS, SUBMITTERS, get_matter, require
from dossier.compartment.wording import refuse_diagnosis
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Cadre, ImportantMatter, MatterAct, MatterReader, Team, Tenure, User
from storage.tables import Post as PostRow
from storage.vault import Vault

WAITING, RECEIVED, MERGED, CLOSED = "待接收", "已接收", "已合并", "已办结"
PLACE, ACT_PLACE = "important_matter", "matter_act"
CARES = ("关怀走访", "关怀谈话", "电话慰问")
KEPT = timedelta(days=365)  # health and family: a year after the purpose has ended (domain.md §2.9)


def submit(
    session: Session, vault: Vault, viewer: Viewer, data: MatterData, reported_at: datetime, title: str = ""
) -> ImportantMatter:
    """A unit's report; SUP enters one that came on paper past the unit's main leader.

    Raises RIGHTS-ROLE, MATTER-*. A report about the main leader must not go through him (MATTER-BYPASS).
    """
    require(viewer, SUBMITTERS)
    if viewer.role == "UNIT":
        data = replace(data, team_id=viewer.team_id)
    kinds.check(data, title)
    _check_people(session, data, reported_at)
    row = ImportantMatter(
        kind=data.kind, state=WAITING, reported_at=reported_at, direct=data.channel != kinds.BY_LEADER,
        team_mark=vault.mark("team", data.team_id), cadre_mark=vault.mark("cadre", data.cadre_id), receipt=None,
        sealed=vault.seal(PLACE, {**data.as_dict(), "by": viewer.user_id}), key_id=vault.key_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _check_people(session: Session, data: MatterData, reported_at: datetime) -> None:
    if session.get(Team, data.team_id) is None:
        raise ShijiError("MATTER-FIELD", "没有这个单位", "单位", "请从名册选择。")
    if bool(data.cadre_id) == bool(data.cadre_name.strip()):
        raise ShijiError("MATTER-FIELD", "请选择涉及干部；未列入名册的班子成员填写姓名", "涉及干部", "")
    if data.occurred_on > reported_at.astimezone(CHINA).date():
        raise ShijiError("MATTER-FIELD", "发生时间晚于报告时间", "发生时间", "请核对日期。")
    if not data.cadre_id:
        if data.cadre_name.strip() in (data.signer.strip(), data.reporter.strip()):
            raise _bypass()
        return
    if session.get(Cadre, data.cadre_id) is None or not serves(session, data.cadre_id, data.team_id):
        raise ShijiError("MATTER-FIELD", "该干部不在本单位任职", "涉及干部", "请从本单位班子成员中选择。")
    name = session.get_one(Cadre, data.cadre_id).name
    if not leads(session, data.cadre_id, data.team_id, data.occurred_on):
        return
    if data.channel == kinds.BY_LEADER or name in (data.signer.strip(), data.reporter.strip()):
        raise _bypass()


def _bypass() -> ShijiError:
    return ShijiError(
        "MATTER-BYPASS", "事项涉及单位主要负责人，不能由其本人签报", "报告渠道",
        "请由班子副职或派驻纪检组直接报送，签报人和报告人均不得为本人。",
    )  # fmt: skip


def serves(session: Session, cadre_id: str, team_id: str) -> bool:
    """Whether a cadre has or had a post in a team."""
    query = select(Tenure.id).join(PostRow, Tenure.post_id == PostRow.id)
    return session.scalar(query.where(Tenure.cadre_id == cadre_id, PostRow.team_id == team_id).limit(1)) is not None


def receive(session: Session, vault: Vault, viewer: Viewer, matter_id: int, at: datetime) -> ImportantMatter:
    """Give the receipt number. OFF may do so without reading; the unit must lie in the officer's zones."""
    require(viewer, RECEIVERS)
    row = session.scalar(select(ImportantMatter).where(ImportantMatter.id == matter_id).with_for_update())
    if row is None or row.state != WAITING or not _in_zones(session, vault, viewer, row):
        raise ShijiError("MATTER-UNKNOWN", "没有这一待接收事项", "", "请刷新页面。")
    row.state, row.received_by = RECEIVED, viewer.user_id
    row.received_at = max(at, row.reported_at)
    row.receipt = _next_receipt(session, row.reported_at.astimezone(CHINA).year)
    _note(session, vault, viewer, row, "接收", {"receipt": row.receipt})
    return row


def _in_zones(session: Session, vault: Vault, viewer: Viewer, row: ImportantMatter) -> bool:
    if viewer.role in KEEPERS:
        return True
    team = session.get(Team, vault.open(PLACE, row.sealed)["team_id"])
    inside = team is not None and (viewer.zones is None or team.zone_id in viewer.zones)
    return inside and team is not None and team.id not in viewer.recused_teams


def _next_receipt(session: Session, year: int) -> str:
    """回执编号 of a year, counted up."""
    prefix = f"ZBSX-{year}-"
    last = session.scalar(select(func.max(ImportantMatter.receipt)).where(ImportantMatter.receipt.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def name_reader(session: Session, vault: Vault, viewer: Viewer, matter_id: int, login: str) -> MatterReader:
    """SUP names a head or a leader; the right ends with `end_reader`. Raises MATTER-READER."""
    require(viewer, KEEPERS)
    row = get_matter(session, viewer, matter_id, lock=True)
    user = session.scalar(select(User).where(User.login == login, User.enabled.is_(True)))
    if user is None or user.role not in NAMED:
        raise ShijiError("MATTER-READER", "只能指定处长、分管副部长、部长阅看", "阅看人", "请从列表选择。")
    held = MatterReader.matter_id == row.id, MatterReader.user_id == user.id, MatterReader.ended_at.is_(None)
    if session.scalar(select(MatterReader.id).where(*held)):
        raise ShijiError("MATTER-READER", "该同志已在阅看范围", "阅看人", "")
    reader = MatterReader(matter_id=row.id, user_id=user.id, named_by=viewer.user_id)
    session.add(reader)
    _note(session, vault, viewer, row, "指定阅看", {"user": user.id})
    return reader


def end_reader(session: Session, vault: Vault, viewer: Viewer, reader_id: int) -> int:
    """End a reader's right; returns the matter's id."""
    require(viewer, KEEPERS)
    reader = session.get(MatterReader, reader_id)
    if reader is None or reader.ended_at is not None:
        raise ShijiError("MATTER-READER", "没有这一阅看指定", "阅看人", "请刷新页面。")
    reader.ended_at = datetime.now(CHINA)
    row = session.get_one(ImportantMatter, reader.matter_id)
    _note(session, vault, viewer, row, "取消阅看", {"user": reader.user_id})
    return row.id


def correct(
    session: Session, vault: Vault, viewer: Viewer, matter_id: int, data: MatterData, reason: str
) -> ImportantMatter:
    """Correct a report; the words before stay sealed in its acts. By SUP, or by the unit before it is received."""
    require(viewer, SUBMITTERS)
    row = own_or_readable(session, vault, viewer, matter_id)
    if row.state in (MERGED, CLOSED) or (viewer.role == "UNIT" and row.state != WAITING):
        raise ShijiError("MATTER-STATE", f"状态为“{row.state}”，不能更正", "", "请联系干部监督处。")
    if not reason.strip():
        raise ShijiError("MATTER-FIELD", "更正须写明理由", "理由", "请填写理由。")
    before = vault.open(PLACE, row.sealed)
    data = replace(data, team_id=before["team_id"])
    kinds.check(data)
    _check_people(session, data, row.reported_at)
    _note(session, vault, viewer, row, "更正", {"reason": reason.strip(), "before": before})
    row.kind, row.cadre_mark = data.kind, vault.mark("cadre", data.cadre_id)
    row.direct = data.channel != kinds.BY_LEADER
    row.sealed = vault.seal(PLACE, {**data.as_dict(), "by": before.get("by", 0)})
    return row


def merge(session: Session, vault: Vault, viewer: Viewer, matter_id: int, into: str) -> ImportantMatter:
    """The same matter reported twice: this report joins the one with receipt `into`. Both stay counted as 条次."""
    require(viewer, KEEPERS)
    row = get_matter(session, viewer, matter_id, lock=True)
    other = session.scalar(select(ImportantMatter).where(ImportantMatter.receipt == into.strip()))
    if other is None or other.id == row.id or other.state == MERGED or row.state in (MERGED, WAITING):
        raise ShijiError("MATTER-MERGE", "不能并入该回执编号", "回执编号", "请填写另一件已接收事项的回执编号。")
    names = [data_in(vault, each).cadre_name for each in (row, other)]
    if other.cadre_mark != row.cadre_mark or other.kind != row.kind or names[0] != names[1]:
        raise ShijiError("MATTER-MERGE", "两件事项的干部或类别不同，不能合并", "回执编号", "请核对。")
    row.state, row.merged_into = MERGED, other.id
    for merged in session.scalars(select(ImportantMatter).where(ImportantMatter.merged_into == row.id)):
        merged.merged_into = other.id
    _note(session, vault, viewer, row, "合并", {"into": other.receipt})
    _note(session, vault, viewer, other, "合并", {"from": row.receipt})
    return other


def care(session: Session, vault: Vault, viewer: Viewer, matter_id: int, kind: str, on: date, note: str) -> MatterAct:
    """Note a care visit, talk or call, planned or made: by SUP or a named reader."""
    row = get_matter(session, viewer, matter_id)
    if kind not in CARES:
        raise ShijiError("MATTER-FIELD", "没有这种关怀方式", "关怀", f"可选：{'、'.join(CARES)}。")
    refuse_diagnosis(note, "关怀情况")
    return _note(session, vault, viewer, row, kind, {"on": on.isoformat(), "note": note.strip()[:300]})


def close(session: Session, vault: Vault, viewer: Viewer, matter_id: int, on: date, note: str = "") -> ImportantMatter:
    """Close a received matter. Health and family are kept for a year from here."""
    require(viewer, KEEPERS)
    row = get_matter(session, viewer, matter_id, lock=True)
    if row.state != RECEIVED:
        raise ShijiError("MATTER-STATE", f"状态为“{row.state}”，不能办结", "", "请先接收，或刷新页面。")
    row.state, row.closed_on = CLOSED, on
    _note(session, vault, viewer, row, "办结", {"note": note.strip()[:300]})
    return row


def own_or_readable(session: Session, vault: Vault, viewer: Viewer, matter_id: int) -> ImportantMatter:
    """A matter of the UNIT's own list, or one the viewer may read."""
    if viewer.role != "UNIT":
        return get_matter(session, viewer, matter_id, lock=True)
    row = session.get(ImportantMatter, matter_id)
    if row is None or row.direct or row.team_mark != vault.mark("team", viewer.team_id):
        raise ShijiError("MATTER-UNKNOWN", "没有这一事项", "", "请从本单位报送记录进入。")
    return row


def data_in(vault: Vault, row: ImportantMatter) -> MatterData:
    """What a matter says."""
    return data_of(vault.open(PLACE, row.sealed))


def _note(
    session: Session, vault: Vault, viewer: Viewer, row: ImportantMatter, kind: str, values: dict[str, Any]
) -> MatterAct:
    act = MatterAct(matter_id=row.id, kind=kind, user_id=viewer.user_id, sealed=vault.seal(ACT_PLACE, values))
    session.add(act)
    session.flush()
    return act
