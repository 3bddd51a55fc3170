"""Issued briefs: kept as they were with the hash of their Word file; shown and exported only while they still hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.brief_content import AnnexRow, BriefContent, Part, Sentence, check, from_dict
from dossier.brief_docx import brief_docx
from dossier.brief_matter import BRIEFERS
from dossier.cadrefile import CADRE_ROLES_SHOWN, tenure_rows
from dossier.scope import Viewer, get_cadre, recused_passages, unrestricted
from storage.archive import Archive
from storage.errors import ShijiError
from storage.tables import Brief, Evidence, EvidenceCadre

MOVED, CLOSED = "已更正归属", "不再列示"
_GONE = frozenset({terms.UNTRUE, terms.UNVERIFIABLE, terms.REJECTED, terms.CORRECTED, terms.WITHDRAWN})


@dataclass(frozen=True)
class IssuedBrief:
    """A stored brief as it may be shown now. `gone`: codes whose items no longer stand, with their present state;
    `changed`: codes whose state is another than on the paper."""

    row: Brief
    content: BriefContent
    gone: dict[str, str]
    changed: dict[str, str]


def issue(session: Session, archive: Archive, viewer: Viewer, content: BriefContent) -> Brief:
    """Store a brief and its Word file, in the caller's write transaction. Raises BRIEF-UNCITED, BRIEF-CITATION."""
    check(content)
    row = Brief(
        cadre_id=content.cadre_id, talk_kind=content.talk_kind, interviewer=content.interviewer,
        planned_on=None, user_id=viewer.user_id, content=content.as_dict(),
    )  # fmt: skip
    if content.planned_on:
        row.planned_on = date.fromisoformat(content.planned_on)
    session.add(row)
    session.flush()
    row.docx_sha256 = archive.put(brief_docx(content, serial(row.id)))
    session.flush()
    return row


def serial(brief_id: int) -> str:
    """The number printed on every page of the paper."""
    return f"编号：JB-{brief_id:06d}"


def get_brief(session: Session, viewer: Viewer, brief_id: int, today: date) -> IssuedBrief:
    """A brief the viewer may read: its maker's own, or any in scope for a HEAD; never one touched by a recusal.

    Raises RIGHTS-ROLE, RIGHTS-RECUSAL, BRIEF-UNKNOWN.
    """
    if viewer.role not in BRIEFERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能查看谈话简报", viewer.role, "请联系处室负责人。")
    row = session.get(Brief, brief_id)
    if row is None or (row.user_id != viewer.user_id and viewer.role != "HEAD"):
        raise _unknown(brief_id)
    content = from_dict(row.content)
    if content.restricted and (viewer.role != "HEAD" or row.user_id != viewer.user_id):
        raise _unknown(brief_id)  # it says how many important matters its maker was cleared for
    _check_scope(session, viewer, row, content, today)
    states = _states(session, content)
    gone = {code: state for code, state in states.items() if state in _GONE}
    gone |= _no_longer(session, content)
    printed = {r.code: r.state for r in content.annex}
    changed = {code: state for code, state in states.items() if state != printed[code] and code not in gone}
    return IssuedBrief(row, _without(content, gone), gone, changed)


def word_file(archive: Archive, brief: IssuedBrief) -> bytes:
    """The Word file as issued. Raises BRIEF-STALE where it holds an item that no longer stands."""
    if brief.gone:
        what = "、".join(f"{code}（{state}）" for code, state in brief.gone.items())
        raise ShijiError("BRIEF-STALE", f"简报所列事项已不成立，不能再导出：{what}", "", "请重新生成简报。")
    return archive.get(brief.row.docx_sha256)


def list_briefs(session: Session, viewer: Viewer, limit: int = 30) -> list[Brief]:
    """The viewer's own briefs, newest first, without those on someone they are now recused from."""
    if viewer.role not in BRIEFERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能查看谈话简报", viewer.role, "请联系处室负责人。")
    query = select(Brief).where(Brief.user_id == viewer.user_id)
    if viewer.recused_cadres:
        query = query.where(Brief.cadre_id.not_in(viewer.recused_cadres))
    return list(session.scalars(query.order_by(Brief.id.desc()).limit(limit)))


def _unknown(brief_id: int) -> ShijiError:
    return ShijiError("BRIEF-UNKNOWN", "没有找到该简报，或您无权查看", str(brief_id), "请从谈话简报列表进入。")


def _check_scope(session: Session, viewer: Viewer, row: Brief, content: BriefContent, today: date) -> None:
    get_cadre(session, viewer, row.cadre_id, today)
    serving = {t.team_id for t in tenure_rows(session, row.cadre_id, today) if t.current}
    closed = (serving | {r.team_id for r in content.annex}) & viewer.recused_teams
    ids = [r.evidence_id for r in content.annex if r.evidence_id is not None]
    if not closed and viewer.recused and ids:
        about = select(Evidence.id).where(Evidence.id.in_(ids), Evidence.passage_id.in_(recused_passages(viewer)))
        closed = {str(item) for item in session.scalars(about)}
    if closed:
        raise ShijiError("RIGHTS-RECUSAL", "回避：简报内容涉及您应回避的班子或干部", str(row.id), "请联系处室负责人。")


def _states(session: Session, content: BriefContent) -> dict[str, str]:
    ids = [r.evidence_id for r in content.annex if r.evidence_id is not None]
    rows = session.execute(select(Evidence.id, Evidence.state).where(Evidence.id.in_(ids)))
    now = {row.id: row.state for row in rows}
    return {r.code: now.get(r.evidence_id, terms.WITHDRAWN) for r in content.annex if r.evidence_id is not None}


def _no_longer(session: Session, content: BriefContent) -> dict[str, str]:
    """Items that are another team's or person's now, or restricted: the brief's words on them are wrong or closed."""
    rows = {r.evidence_id: r for r in content.annex if r.evidence_id is not None}
    open_ids = set(session.scalars(select(Evidence.id).where(Evidence.id.in_(rows), unrestricted())))
    about = select(EvidenceCadre.evidence_id).where(
        EvidenceCadre.cadre_id == content.cadre_id, EvidenceCadre.role.in_(CADRE_ROLES_SHOWN)
    )
    mine = set(session.scalars(about.where(EvidenceCadre.evidence_id.in_(rows))))
    held = session.execute(select(Evidence.id, Evidence.team_id).where(Evidence.id.in_(rows)))
    teams = {row.id: row.team_id for row in held}
    found = {}
    for key, row in rows.items():
        if (row.own and key not in mine) or (teams.get(key) or "") != row.team_id:
            found[row.code] = MOVED
        elif key not in open_ids:
            found[row.code] = CLOSED
    return found


def _without(content: BriefContent, gone: dict[str, str]) -> BriefContent:
    """The content with the words of items that no longer stand taken out."""
    if not gone:
        return content

    def sentence(s: Sentence) -> Sentence:
        hit = [code for code in s.citations if code in gone]
        if not hit:
            return s
        return Sentence("；".join(f"该事项现为“{gone[c]}”，内容不再显示" for c in hit) + "。", s.citations)

    def row(r: AnnexRow) -> AnnexRow:
        return replace(r, summary="内容不再显示", state=gone[r.code]) if r.code in gone else r

    parts = tuple(Part(p.level, p.heading, tuple(map(sentence, p.sentences)), p.numbered) for p in content.parts)
    return replace(content, parts=parts, annex=tuple(map(row, content.annex)))
