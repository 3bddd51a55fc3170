"""The dated roster in the database: read it as `nlp.roster.Roster`, plan a change, show it, then write it.

Nothing is ever removed by an import: what a file does not list is reported and stays (domain.md §3.8, tenure
intervals: gaps and overlaps are reported, not guessed).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.liaison.membership import note_roster_change
from nlp import roster as model
from storage.settings import CHINA
from storage.tables import Cadre, Category, City, LookAlike, Post, Team, TeamAlias, Tenure, Zone


@dataclass(frozen=True)
class CadreData:
    """A cadre as an import states it; `born` is 1978-04, empty when unknown."""

    id: str
    name: str
    sex: str = ""
    born: str = ""


@dataclass(frozen=True)
class ZoneData:
    """联系片 with its section."""

    id: str
    name: str
    section: str = ""


@dataclass(frozen=True)
class RosterData:
    """All that an import may state."""

    teams: tuple[model.Team, ...] = ()
    cadres: tuple[CadreData, ...] = ()
    tenures: tuple[model.Tenure, ...] = ()
    zones: tuple[ZoneData, ...] = ()
    look_alikes: tuple[str, ...] = ()
    city: tuple[str, str, str] | None = None  # name, province, provincial capital


@dataclass(frozen=True)
class Change:
    """One difference between the record and an import. kind: 新增 | 变更 | 提示."""

    kind: str
    what: str
    key: str
    before: str = ""
    after: str = ""


@dataclass
class Plan:
    """Differences, to be shown before anything is written."""

    data: RosterData
    changes: list[Change] = field(default_factory=list)

    @property
    def writes(self) -> list[Change]:
        return [c for c in self.changes if c.kind != "提示"]


def load(session: Session) -> model.Roster:
    """The whole roster as the text analysis needs it."""
    teams = []
    for team in session.scalars(select(Team).order_by(Team.ordinal, Team.id)):
        teams.append(
            model.Team(
                id=team.id,
                full=team.full,
                category=team.category_id,
                zone=team.zone_id,
                aliases=tuple(a.alias for a in team.aliases if not a.ambiguous),
                ambiguous=tuple(a.alias for a in team.aliases if a.ambiguous),
                kind=team.kind,
                managed=team.managed,
            )
        )
    tenures = [
        model.Tenure(cadre.id, cadre.name, post.team_id, post.title, tenure.start, tenure.end)
        for tenure, post, cadre in session.execute(
            select(Tenure, Post, Cadre)
            .join(Post, Tenure.post_id == Post.id)
            .join(Cadre, Tenure.cadre_id == Cadre.id)
            .order_by(Tenure.cadre_id, Tenure.start)
        )
    ]
    look_alikes = session.scalars(select(LookAlike.text).order_by(LookAlike.text)).all()
    city = session.scalars(select(City)).first() or City(name="", province="", capital="")
    return model.Roster(city.name, city.province, city.capital, tuple(teams), tuple(look_alikes), tuple(tenures))


def plan(session: Session, data: RosterData) -> Plan:
    """Differences between the record and `data`, without writing."""
    result = Plan(data)
    known_teams = {t.id: t for t in session.scalars(select(Team))}
    for team in data.teams:
        _plan_team(result, known_teams.get(team.id), team)
    known_cadres = {c.id: c for c in session.scalars(select(Cadre))}
    for cadre in data.cadres:
        _plan_cadre(result, known_cadres.get(cadre.id), cadre)
    recorded = {(t.person, t.team, t.post, t.start): t.end for t in load(session).tenures}
    for tenure in data.tenures:
        key = (tenure.person, tenure.team, tenure.post, tenure.start)
        shown = f"{tenure.name} {tenure.team} {tenure.post} {tenure.start or '?'}"
        if key not in recorded:
            result.changes.append(Change("新增", "任职", shown, "", _until(tenure.end)))
        elif recorded[key] != tenure.end:
            result.changes.append(Change("变更", "任职", shown, _until(recorded[key]), _until(tenure.end)))
    known_words = set(session.scalars(select(LookAlike.text)))
    for word in data.look_alikes:
        if word not in known_words:
            result.changes.append(Change("新增", "形近名称", word))
    known_zones = {z.id: z for z in session.scalars(select(Zone))}
    for zone in data.zones:
        before = known_zones.get(zone.id)
        if before is None:
            result.changes.append(Change("新增", "联系片", zone.id, "", zone.name))
        elif (before.name, before.section) != (zone.name, zone.section):
            result.changes.append(Change("变更", "联系片", zone.id, before.name, zone.name))
    result.changes.extend(overlaps([*_merged(session, data)]))
    return result


def write(session: Session, data: RosterData, on: date | None = None) -> None:
    """Write an import that has been shown. Existing rows are changed, new ones added, none removed.

    `on`: the day from which a team counts to another zone, today by default; the zone before stays in its history.
    """
    day = on or datetime.now(CHINA).date()
    if data.city and data.city[0]:
        for other in session.scalars(select(City).where(City.name != data.city[0])):
            session.delete(other)
        session.merge(City(name=data.city[0], province=data.city[1], capital=data.city[2]))
    zones = {z.id: z for z in data.zones}
    for zone_id in sorted({*zones, *(t.zone for t in data.teams)}):
        zone = zones.get(zone_id)
        existing = session.get(Zone, zone_id)
        if existing is None:
            session.add(Zone(id=zone_id, name=zone.name if zone else zone_id, section=zone.section if zone else ""))
        elif zone:
            existing.name, existing.section = zone.name, zone.section
    for ordinal, category in enumerate(dict.fromkeys(t.category for t in data.teams)):
        if session.get(Category, category) is None:
            session.add(Category(id=category, ordinal=ordinal))
    session.flush()
    for ordinal, team in enumerate(data.teams):
        note_roster_change(session, team.id, team.zone, day)
        _write_team(session, team, ordinal)
    for cadre in data.cadres:
        row = session.get(Cadre, cadre.id) or Cadre(id=cadre.id, name=cadre.name, sex="", born="")
        row.name, row.sex, row.born = cadre.name, cadre.sex or row.sex, cadre.born or row.born
        session.add(row)
    for tenure in data.tenures:
        if session.get(Cadre, tenure.person) is None:
            session.add(Cadre(id=tenure.person, name=tenure.name))
            session.flush()
    for word in data.look_alikes:
        if session.get(LookAlike, word) is None:
            session.add(LookAlike(text=word))
    session.flush()
    for tenure in data.tenures:
        _write_tenure(session, tenure)


def overlaps(tenures: Iterable[model.Tenure]) -> list[Change]:
    """Posts held by two persons at once, reported and not guessed (a joint post is allowed)."""
    found = []
    by_post: dict[tuple[str, str], list[model.Tenure]] = {}
    for tenure in tenures:
        by_post.setdefault((tenure.team, tenure.post), []).append(tenure)
    for (team, post), held in sorted(by_post.items()):
        held.sort(key=lambda t: t.start or date.min)
        for before, after in pairwise(held):
            if before.person != after.person and before.overlaps(after.start or date.min, after.end or date.max):
                found.append(Change("提示", "任期重叠", f"{team} {post}", before.name, after.name))
    return found


def _merged(session: Session, data: RosterData) -> list[model.Tenure]:
    merged = {(t.person, t.team, t.post, t.start): t for t in load(session).tenures}
    merged.update({(t.person, t.team, t.post, t.start): t for t in data.tenures})
    return list(merged.values())


def _until(end: date | None) -> str:
    return f"至 {end}" if end else "现任"


def _plan_team(result: Plan, before: Team | None, team: model.Team) -> None:
    if before is None:
        result.changes.append(Change("新增", "班子", team.id, "", f"{team.full}（{team.category}，{team.zone}）"))
        return
    pairs = [
        ("全称", before.full, team.full),
        ("类别", before.category_id, team.category),
        ("联系片", before.zone_id, team.zone),
        ("别名", _names(before, False), "、".join(sorted(team.aliases))),
        ("歧义别名", _names(before, True), "、".join(sorted(team.ambiguous))),
    ]
    for what, old, new in pairs:
        if old != new:
            result.changes.append(Change("变更", f"班子{what}", team.id, old, new))


def _names(team: Team, ambiguous: bool) -> str:
    return "、".join(sorted(a.alias for a in team.aliases if a.ambiguous == ambiguous))


def _plan_cadre(result: Plan, before: Cadre | None, cadre: CadreData) -> None:
    after = "，".join(x for x in (cadre.name, cadre.sex, cadre.born) if x)
    if before is None:
        result.changes.append(Change("新增", "干部", cadre.id, "", after))
    elif (cadre.name, cadre.sex or before.sex, cadre.born or before.born) != (before.name, before.sex, before.born):
        old = "，".join(x for x in (before.name, before.sex, before.born) if x)
        result.changes.append(Change("变更", "干部", cadre.id, old, after))


def _write_team(session: Session, team: model.Team, ordinal: int) -> None:
    row = session.get(Team, team.id)
    if row is None:
        row = Team(id=team.id)
        session.add(row)
    row.full, row.kind, row.category_id, row.zone_id = team.full, team.kind, team.category, team.zone
    row.managed, row.ordinal, row.short = team.managed, ordinal, short_name(team)
    wanted = {**dict.fromkeys(team.aliases, False), **dict.fromkeys(team.ambiguous, True)}
    for alias in list(row.aliases):
        if alias.alias not in wanted:
            row.aliases.remove(alias)
        else:
            alias.ambiguous = wanted.pop(alias.alias)
    row.aliases.extend(TeamAlias(alias=name, ambiguous=flag) for name, flag in wanted.items())
    session.flush()


def short_name(team: model.Team) -> str:
    """Name used on pages: the full name, or for a long department name its last plain alias (市发改委)."""
    if len(team.full) <= 6 or not team.aliases:
        return team.full
    if team.is_district:
        return team.aliases[0]
    return team.aliases[-1]


def _write_tenure(session: Session, tenure: model.Tenure) -> None:
    post = session.scalar(select(Post).where(Post.team_id == tenure.team, Post.title == tenure.post))
    if post is None:
        post = Post(team_id=tenure.team, title=tenure.post)
        session.add(post)
        session.flush()
    key = (Tenure.cadre_id == tenure.person, Tenure.post_id == post.id)
    start = Tenure.start.is_(None) if tenure.start is None else Tenure.start == tenure.start
    row = session.scalar(select(Tenure).where(*key, start))
    if row is None:
        session.add(Tenure(cadre_id=tenure.person, post_id=post.id, start=tenure.start, end=tenure.end))
    else:
        row.end = tenure.end
    session.flush()
