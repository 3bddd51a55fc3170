"""An evidence item as pages, briefs and the JSON API show it: always with source, date, state and reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dossier import terms
from storage.settings import CHINA
from storage.tables import Attribution, Cadre, Document, Evidence, EvidenceCadre, Passage, Team


@dataclass(frozen=True)
class CadreLink:
    """A cadre an item belongs to, with role and reason."""

    id: str
    name: str
    role: str
    because: str


@dataclass(frozen=True)
class Reason:
    """One machine attribution with its rule and the words it rests on (R-20)."""

    kind: str
    id: str
    name: str
    role: str
    status: str
    rule: str
    because: str
    confidence: float
    start: int
    end: int
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class EvidenceView:
    """All that is shown of one item."""

    id: int
    code: str
    version: int
    team_id: str
    team: str
    role: str
    label: str
    topic: str
    sub_type: str
    sub_type_name: str
    state: str
    adverse: bool
    restricted: bool
    text: str
    title: str
    source: str
    source_level: str
    origin: str
    url: str
    document_id: int
    passage_id: int
    event_id: int
    published: str
    date: str
    date_from_text: bool
    date_precision: str
    prints: int
    independent_sources: int
    self_published: bool
    machine_label: str
    machine_sub_type: str
    machine_also: tuple[str, ...]
    confidence: float
    because: str
    span: tuple[int, int]
    model: str
    response: str
    leniency: str
    notified: str
    true_part: str
    proposed_state: str
    proposed_by: int | None
    agreed_by: int | None
    cadres: tuple[CadreLink, ...] = ()
    reasons: tuple[Reason, ...] = ()
    metrics: tuple[dict[str, Any], ...] = field(default_factory=tuple)
    speeches: tuple[dict[str, Any], ...] = field(default_factory=tuple)

    @property
    def fact(self) -> str:
        """The words that may be shown as fact: the true part where only part was true."""
        return self.true_part if self.state == terms.PARTLY else self.text

    @property
    def basis(self) -> str:
        """How the item must be introduced: 单位自报, 据××报道, or as verified."""
        if self.state in terms.ESTABLISHED:
            return self.state
        return "单位自报" if self.self_published else f"据{self.origin or self.source}报道"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "basis": self.basis, "fact": self.fact}


NEWEST = (Evidence.event_date.desc().nulls_last(), Evidence.id.desc())  # order of items wherever they are listed


def load_views(session: Session, query: Any) -> list[EvidenceView]:
    """Run a select of Evidence and return what is shown, in the query's order, without a query per row."""
    options = (
        selectinload(Evidence.cadres).selectinload(EvidenceCadre.cadre),
        selectinload(Evidence.team),
        selectinload(Evidence.event),
        selectinload(Evidence.passage).selectinload(Passage.attributions),
        selectinload(Evidence.passage).selectinload(Passage.document).joinedload(Document.source),
    )
    items: Sequence[Evidence] = session.scalars(query.options(*options)).all()
    names = _names(session, items)
    return [_view(item, names) for item in items]


def _names(session: Session, items: Iterable[Evidence]) -> dict[str, str]:
    teams = {a.team_id for i in items for a in i.passage.attributions if a.team_id}
    teams |= {str(c) for i in items for a in i.passage.attributions for c in a.candidates if a.kind == "team"}
    cadres = {a.cadre_id for i in items for a in i.passage.attributions if a.cadre_id}
    cadres |= {str(c) for i in items for a in i.passage.attributions for c in a.candidates if a.kind == "cadre"}
    found = {row.id: row.short for row in session.execute(select(Team.id, Team.short).where(Team.id.in_(teams)))}
    found.update({r.id: r.name for r in session.execute(select(Cadre.id, Cadre.name).where(Cadre.id.in_(cadres)))})
    return found


def _view(item: Evidence, names: dict[str, str]) -> EvidenceView:
    passage, document = item.passage, item.passage.document
    published = document.published_at
    day = day_of(item)
    return EvidenceView(
        id=item.id,
        code=item.code,
        version=item.version,
        team_id=item.team_id or "",
        team=item.team.short if item.team else "",
        role=item.role,
        label=item.label,
        topic=terms.topic_name(item.label),
        sub_type=item.sub_type,
        sub_type_name=terms.SUB_TYPES.get(item.sub_type, ""),
        state=item.state,
        adverse=item.adverse,
        restricted=item.restricted,
        text=passage.text,
        title=document.title,
        source=document.source.name,
        source_level=document.source.level,
        origin=document.origin,
        url=document.url,
        document_id=document.id,
        passage_id=passage.id,
        event_id=item.event_id,
        published=show_moment(published, document.published_precision),
        date=show_date(day, passage.event_precision if item.event_date else "day"),
        date_from_text=passage.event_source == "text" and item.event_date is not None,
        date_precision=passage.event_precision,
        prints=item.event.prints,
        independent_sources=item.event.independent_sources,
        self_published=item.self_published,
        machine_label=passage.label,
        machine_sub_type=passage.sub_type,
        machine_also=tuple(passage.also),
        confidence=passage.confidence,
        because=passage.because,
        span=(passage.span_start, passage.span_end),
        model=passage.model,
        response=item.response,
        leniency=item.leniency,
        notified=show_moment(item.notified_at, "minute"),
        true_part=item.true_part,
        proposed_state=item.proposed_state,
        proposed_by=item.proposed_by,
        agreed_by=item.agreed_by,
        cadres=tuple(CadreLink(c.cadre_id, c.cadre.name, c.role, c.because) for c in item.cadres),
        reasons=tuple(_reason(a, names) for a in passage.attributions),
        metrics=tuple(passage.metrics),
        speeches=tuple(passage.speeches),
    )


def _reason(a: Attribution, names: dict[str, str]) -> Reason:
    key = a.team_id or a.cadre_id or ""
    candidates = tuple(names.get(str(c), str(c)) for c in a.candidates)
    return Reason(
        a.kind, key, names.get(key, key), a.role, a.status, a.rule, a.because, a.confidence, a.start, a.end, candidates
    )


def show_moment(value: datetime | None, precision: str) -> str:
    """2025-10-16, or 2025-10-16 09:30 where the precision is ``minute``; China time, empty for nothing."""
    if value is None:
        return ""
    local = value.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H:%M}" if precision == "minute" else f"{local:%Y-%m-%d}"


def show_date(day: date | None, precision: str) -> str:
    """A date no finer than it is known: 2025-10-16, 2025-10, 2025年3季度, 2025年."""
    if day is None:
        return ""
    if precision == "year":
        return f"{day.year}年"
    if precision == "quarter":
        return f"{day.year}年{(day.month + 2) // 3}季度"
    return f"{day:%Y-%m}" if precision == "month" else day.isoformat()


def day_of(item: Evidence) -> date | None:
    """The first day of the event as far as it is known, else the day of publication."""
    published = item.passage.document.published_at
    return item.event_date or (published.astimezone(CHINA).date() if published else None)
