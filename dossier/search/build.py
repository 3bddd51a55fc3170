"""Passages of the record as the index holds them. What may not be searched is left out here, and only here (R-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.search.port import NO_TEAM_ZONE, IndexedItem, IndexedPassage
from storage.settings import CHINA
from storage.tables import Attribution, Document, Event, Evidence, EvidenceCadre, LookAlike, Passage, Source, Team

GONE = frozenset({terms.UNTRUE, terms.UNVERIFIABLE, terms.WITHDRAWN})  # "nowhere" (domain.md §2.5)
CHUNK = 800  # values in one IN list; older SQLite takes 999


@dataclass(frozen=True)
class _Known:
    """Rows the passages of a batch hang on."""

    zones: dict[str, str]
    evidence: dict[int, list[Any]]
    cadres: dict[int, list[str]]
    attributions: dict[int, list[Any]]
    look_alikes: tuple[str, ...]


def with_prints(session: Session, passage_ids: Iterable[int]) -> list[int]:
    """The passages and all prints of their events: a decision on the one changes how the others are found."""
    ids = set(passage_ids)
    events = {
        event for (event,) in _rows(session, select(Passage.event_id), Passage.id, sorted(ids)) if event is not None
    }
    ids.update(found for (found,) in _rows(session, select(Passage.id), Passage.event_id, sorted(events)))
    return sorted(ids)


def build(session: Session, passage_ids: Sequence[int]) -> list[IndexedPassage]:
    """The passages that may be searched, in order of id; those left out must be deleted from the index.

    Left out: restricted passages and events, documents not filed (quarantined ones among them), and events with an
    item found 不属实, 无法核实 or 已撤回.
    """
    wanted = select(
        Passage.id, Passage.document_id, Passage.text, Passage.label, Passage.sub_type, Passage.event_start,
        Passage.event_precision,
        Passage.event_id, Passage.relation, Document.title, Document.url, Document.published_at, Document.created_at,
        Document.source_id, Document.origin, Source.name, Source.level, Source.owner_team_id, Event.prints,
    ).join(Document, Passage.document_id == Document.id).join(Source, Document.source_id == Source.id).outerjoin(
        Event, Passage.event_id == Event.id
    ).where(Passage.restricted.is_(False), Document.stage == "filed", Passage.sub_type.not_in(_RESTRICTED))  # fmt: skip
    rows = sorted(_rows(session, wanted, Passage.id, passage_ids), key=lambda r: r.id)
    known = _known(session, rows)
    built = (_passage(row, known) for row in rows)
    return [passage for passage in built if passage is not None]


_RESTRICTED = tuple(sorted(terms.RESTRICTED_SUB_TYPES))


def _known(session: Session, rows: Sequence[Any]) -> _Known:
    events = sorted({r.event_id for r in rows if r.event_id is not None})
    evidence: dict[int, list[Any]] = defaultdict(list)
    items = select(
        Evidence.id, Evidence.event_id, Evidence.code, Evidence.team_id, Evidence.label, Evidence.sub_type,
        Evidence.state, Evidence.restricted, Evidence.event_date, Evidence.self_published, Evidence.true_part,
    ).order_by(Evidence.id)  # fmt: skip
    for item in _rows(session, items, Evidence.event_id, events):
        evidence[item.event_id].append(item)
    cadres: dict[int, list[str]] = defaultdict(list)
    links = select(EvidenceCadre.evidence_id, EvidenceCadre.cadre_id).order_by(EvidenceCadre.id)
    for link in _rows(session, links, EvidenceCadre.evidence_id, sorted(e.id for x in evidence.values() for e in x)):
        cadres[link.evidence_id].append(link.cadre_id)
    attributions: dict[int, list[Any]] = defaultdict(list)
    said = select(
        Attribution.passage_id, Attribution.kind, Attribution.team_id, Attribution.cadre_id, Attribution.status,
        Attribution.label, Attribution.candidates,
    ).order_by(Attribution.id)  # fmt: skip
    for attribution in _rows(session, said, Attribution.passage_id, [r.id for r in rows]):
        attributions[attribution.passage_id].append(attribution)
    zones = {row.id: row.zone_id for row in session.execute(select(Team.id, Team.zone_id))}
    return _Known(zones, evidence, cadres, attributions, tuple(session.scalars(select(LookAlike.text))))


def _passage(row: Any, known: _Known) -> IndexedPassage | None:
    evidence = known.evidence.get(row.event_id, []) if row.event_id is not None else []
    if any(e.restricted or e.state in GONE or e.sub_type in terms.RESTRICTED_SUB_TYPES for e in evidence):
        return None
    said = known.attributions.get(row.id, [])
    if evidence:
        items = tuple(
            IndexedItem(e.team_id or "", _zone(e.team_id, known), e.label, e.sub_type, e.state, e.id, e.code)
            for e in evidence
        )
        cadres = [c for e in evidence for c in known.cadres.get(e.id, [])]
    else:
        items = _machine_items(row, said, known)
        cadres = [a.cadre_id for a in said if a.cadre_id and a.status == "accepted"]
    published = _day(row.published_at)
    # a year alone is no day to sort or filter by; the publication then stands for it
    known_day = row.event_start if row.event_precision in ("day", "month", "range") else None
    stated = next((e.event_date for e in evidence if e.event_date and e.event_date != row.event_start), known_day)
    text = _text(row, evidence)
    own = row.level == "单位报送" or (row.owner_team_id and row.owner_team_id in {i.team for i in items})
    return IndexedPassage(
        id=row.id,
        document_id=row.document_id,
        title=row.title,
        text=text,
        date=stated or published or row.event_start or _day(row.created_at) or date(1970, 1, 1),
        items=items,
        cadres=tuple(dict.fromkeys(cadres)),
        closed_teams=tuple(_closed("team", said, [i.team for i in items])),
        closed_cadres=tuple(_closed("cadre", said, cadres)),
        look_alikes=tuple(w for w in known.look_alikes if w and (w in text or w in row.title)),
        source_id=row.source_id,
        source=row.origin or row.name,
        level=row.level,
        self_published=any(e.self_published for e in evidence) if evidence else bool(own),
        published=published,
        event_id=row.event_id,
        prints=row.prints or 1,
        first=row.relation in ("", "first"),
        url=row.url,
    )


def _machine_items(row: Any, said: Sequence[Any], known: _Known) -> tuple[IndexedItem, ...]:
    teams = [a for a in said if a.kind == "team" and a.team_id and a.status == "accepted"]
    if not teams:
        return (IndexedItem(label=row.label, sub_type=row.sub_type),)
    return tuple(
        IndexedItem(a.team_id, _zone(a.team_id, known), a.label or row.label, "" if a.label else row.sub_type)
        for a in teams
    )


def _text(row: Any, evidence: Sequence[Any]) -> str:
    """部分属实: only the part found true, as a person wrote it, may be read anywhere (domain.md §2.5)."""
    parts = [e.true_part.strip() for e in evidence if e.state == terms.PARTLY and e.true_part.strip()]
    return "\n".join(dict.fromkeys(parts)) if parts else str(row.text)


def _closed(kind: str, said: Sequence[Any], now: Iterable[str]) -> Iterator[str]:
    """Everybody the passage was ever said to be about, candidates left undecided among them."""
    found = [x for x in now if x]
    for attribution in (a for a in said if a.kind == kind):
        found += [x for x in (attribution.team_id, attribution.cadre_id) if x]
        for candidate in attribution.candidates or ():
            ident = candidate.get("id") if isinstance(candidate, dict) else candidate
            if isinstance(ident, str) and ident:
                found.append(ident)
    return iter(dict.fromkeys(found))


def _zone(team_id: str | None, known: _Known) -> str:
    return known.zones.get(team_id, NO_TEAM_ZONE) if team_id else NO_TEAM_ZONE


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(CHINA).date()


def _rows(session: Session, query: Select[*tuple[Any, ...]], column: Any, values: Sequence[Any]) -> list[Any]:
    """Rows of `query` whose column is one of the values, asked for in portions."""
    found: list[Any] = []
    for start in range(0, len(values), CHUNK):
        found += session.execute(query.where(column.in_(values[start : start + CHUNK]))).all()
    return found
