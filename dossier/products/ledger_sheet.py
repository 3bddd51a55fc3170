"""业绩和责任记实表 of a person: approved entries in the order of time, two columns, each with its evidence (§1.12)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.brief_words import post_name
from dossier.cadrefile import tenure_rows
from dossier.ledger import status
from dossier.ledger.book import EntryView, entries_of
from dossier.ledger.rules import DUTY, MERIT
from dossier.products.content import Part, ProductContent, Sentence, Table
from dossier.products.frames import add_frames
from dossier.products.gathering import city_of
from dossier.products.listing import annex, office
from dossier.products.spans import written
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from dossier.views import load_views
from storage.errors import ShijiError
from storage.tables import Cadre, Evidence

_NONE = "没有已批准的记实。"
_SILENT = "没有登记的说明、申辩。"
_RULES = "任职重叠天数按日历日计算，仅供研究参考，不作为责任划分。"
_ORDER = "本表按事项时间先后排列，只列已批准的记实；冲正的条目与原条目并列，均不删除。"
_STEPS = "记实由考核办拟记、干部监督处审核、分管副部长批准。"
add_frames(_NONE, _RULES, _ORDER, _STEPS)


def build_ledger(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """The sheet of one cadre. Raises CADRE-UNKNOWN, RIGHTS-ROLE, RIGHTS-RECUSAL."""
    if not wanted.cadre_id:
        raise ShijiError("PRODUCT-CADRE", "请选择干部", "", "业绩和责任记实表按人编制。")
    entries = [e for e in entries_of(session, viewer, wanted.cadre_id, today) if e.approved_on is not None]
    cadre = session.get_one(Cadre, wanted.cadre_id)
    posts = [post_name(row) for row in tenure_rows(session, cadre.id, today) if row.current]
    ids = {s.id for e in entries for s in e.evidence}
    items = load_views(session, select(Evidence).where(Evidence.id.in_(ids)).order_by(Evidence.id)) if ids else []
    tables = (_table(entries, MERIT), _table(entries, DUTY)) if entries else ()
    return ProductContent(
        "ledger", "业绩和责任记实表", today.isoformat(),
        (f"姓名：{cadre.name}　　现任职务：{'；'.join(posts) or '—'}", f"编制日期：{written(today)}"),
        (
            Part(1, "一、记实事项", tuple(_sentence(e) for e in entries) or (_frame(_NONE),), numbered=bool(entries)),
            Part(1, "二、本人陈述", tuple(_spoken(e) for e in entries if e.statement) or (_frame(_SILENT),)),
            Part(1, "三、说明", (_frame(_ORDER), _frame(_RULES), _frame(_STEPS))),
        ),
        tables=tuple(t for t in tables if t.rows), annex=annex(items), office=office(city_of(session)),
        section=viewer.section, until=today.isoformat(), teams=tuple(dict.fromkeys(e.team_id for e in entries)),
        cadres=(cadre.id,),
    )  # fmt: skip


def _sentence(entry: EntryView) -> Sentence:
    """〔业绩·潜绩·决策〕泊湾港三期：…… with its state; a reversed one says so."""
    marks = "·".join(m for m in (entry.kind, entry.horizon, entry.role) if m)
    text = f"〔{marks}〕{entry.team}，{entry.matter}：{entry.text.rstrip('。')}。"
    if entry.reversed_by:
        text = f"{text.rstrip('。')}（已由第{entry.reversed_by}号记实冲正）。"
    if entry.leniency_body:
        text = f"{text.rstrip('。')}（容错认定：是，{entry.leniency_body}，不作不利记载）。"
    codes = tuple(s.code for s in entry.evidence)
    return Sentence(text, codes, unsupported=not codes, source=f"{entry.number}；{entry.state}", team_id=entry.team_id)


def _spoken(entry: EntryView) -> Sentence:
    codes = tuple(s.code for s in entry.evidence)
    text = f"对{entry.number}，本人陈述：{entry.statement.rstrip('。')}。"
    return Sentence(text, codes, unsupported=not codes, team_id=entry.team_id)


def _frame(text: str) -> Sentence:
    return Sentence(text, frame=True)


def _table(entries: list[EntryView], kind: str) -> Table:
    """One of the two columns of the paper: 业绩 on one side, 责任 and 中性记载 on the other."""
    standing = [e for e in entries if e.state != status.TAKEN_BACK and not e.reverses]
    mine = [e for e in standing if (e.kind == MERIT) == (kind == MERIT)]
    codes = tuple(dict.fromkeys(s.code for e in mine for s in e.evidence))
    return Table(
        "业绩" if kind == MERIT else "责任和中性记载",
        ("决策日期", "实施区间", "见效日期", "事项", "类别和作用", "任职重叠参考"),
        tuple(
            ("；".join(e.decided_on) or "—", e.implemented or "—", "；".join(e.effects_on) or "—", e.matter,
             "·".join(m for m in (e.kind, e.horizon, e.role) if m), e.overlap or "—")
            for e in mine
        ),
        (24, 30, 24, 28, 26, 24), after="一、记实事项", citations=codes, basis="" if codes else "业绩责任记实",
        row_teams=tuple(e.team_id for e in mine),
    )  # fmt: skip
