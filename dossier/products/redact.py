"""Redaction profiles: what a copy leaves out for its reader (domain.md §2.10, R-41). Wider never wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.products.content import COUNT, LEADER, NOTE, AnnexRow, Part, ProductContent, Sentence, Table
from dossier.products.headings import numbered
from nlp.scrub import scrub
from storage.tables import Cadre, Post, Team, Tenure, User

PROFILES = {"P0": "内部全文", "P1": "领导阅件", "P2": "反馈单位", "P3": "告知本人", "P4": "统计"}
OF_ROLE = {
    "OFF": "P0", "HEAD": "P0", "KH": "P0", "SUP": "P0", "DEP": "P1", "MIN": "P1", "READ": "P1", "UNIT": "P2",
    "PERSON": "P3",
}  # fmt: skip
SOMEONE, OFFICER = "（有关同志）", "（工作人员）"
FEWEST = 3  # persons in a cell; fewer are not shown as a number
_MAIN = re.compile(r"^(区|县|市)?委书记|^(区|县|市)长$|、(区|县|市)长|^局长|^主任|党组书记|、局长|、主任|党委书记")
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.)")


@dataclass(frozen=True)
class Names:
    """Names that a profile may have to take out."""

    cadres: tuple[str, ...]
    leaders: frozenset[str]  # names of main leaders
    officers: tuple[str, ...]
    teams: Mapping[str, tuple[str, ...]]  # team id -> its names


def narrower(one: str, other: str) -> str:
    """The profile of the two that shows less."""
    return max(one, other)


def profile_of(role: str, widest: str = "P0") -> str:
    """The profile of a recipient's role, never wider than the kind allows; an unknown role sees counts only."""
    return narrower(OF_ROLE.get(role, "P4"), widest)


def load_names(session: Session) -> Names:
    """Names of cadres, main leaders, officers and teams."""
    cadres = tuple(sorted(set(session.scalars(select(Cadre.name))), key=len, reverse=True))
    posts = session.execute(
        select(Cadre.name, Post.title)
        .join(Tenure, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
    )  # fmt: skip
    leaders = frozenset(name for name, title in posts if _MAIN.search(title))
    officers = tuple(sorted(set(session.scalars(select(User.name).where(User.role != "UNIT"))), key=len, reverse=True))
    teams = {t.id: (t.full, t.short) for t in session.scalars(select(Team))}
    return Names(cadres, leaders, tuple(o for o in officers if len(o) > 1), teams)


def redact(content: ProductContent, profile: str, names: Names, team_id: str = "") -> ProductContent:
    """The content as a reader of this profile may have it. `team_id`: the unit of a P2 or P3 copy."""
    if profile == "P0":
        return _each(content, lambda s: replace(s, text=_masked(s.text, names)), lambda row: row, names)
    content = _each(
        _without(content, NOTE), lambda s: _for_leaders(s, names), lambda row: _row_for_leaders(row, names), names
    )
    if profile == "P1":
        return content
    if profile == "P4":
        return _counts(content)
    content = _for_unit(_without(content, LEADER), names, team_id)
    return _for_person(content, names) if profile == "P3" else content


def _masked(text: str, names: Names) -> str:
    """Without identifiers and names of private citizens; whoever wrote the words may not have thought of it."""
    return scrub(text, (*names.cadres, *names.officers)).text


def _for_leaders(sentence: Sentence, names: Names) -> Sentence:
    text = _masked(sentence.text, names)
    if sentence.unsettled:
        text = _replaced(text, names.cadres, SOMEONE)
    return replace(sentence, text=text)


def _row_for_leaders(row: AnnexRow, names: Names) -> AnnexRow:
    if row.evidence_id is None or row.state in terms.ESTABLISHED:
        return row
    return replace(row, summary=_replaced(row.summary, names.cadres, SOMEONE))


def _for_unit(content: ProductContent, names: Names, team_id: str) -> ProductContent:
    """Only what is the unit's own: other teams, origins, officers and persons below the main leaders go."""
    own = {row.code for row in content.annex if row.team_id == team_id}
    others = [name for key, of in names.teams.items() if key != team_id for name in of]
    below = [name for name in names.cadres if name not in names.leaders]
    mine = names.teams.get(team_id, ())

    def keeps(sentence: Sentence) -> bool:
        if sentence.team_id and sentence.team_id != team_id:
            return False
        if any(code not in own for code in sentence.citations):
            return False
        left = _replaced(sentence.text, mine, "")
        return not any(name in left for name in others)

    def words(sentence: Sentence) -> Sentence:
        text = _replaced(_replaced(sentence.text, below, SOMEONE), names.officers, OFFICER)
        return replace(sentence, text=text, source="")

    def row(found: AnnexRow) -> AnnexRow:
        summary = _replaced(_replaced(found.summary, below, SOMEONE), names.officers, OFFICER)
        return replace(found, source="", independent="", reprints="", summary=summary)

    kept = replace(
        content, annex=tuple(r for r in content.annex if r.code in own), tables=_own_tables(content.tables, team_id),
        parts=_parts(content.parts, keeps), tail=tuple(s for s in content.tail if keeps(s)),
        form=tuple((label, _replaced(text, names.officers, OFFICER)) for label, text in content.form),
        teams=(team_id,) if team_id else (), cadres=(),
    )  # fmt: skip
    return _each(kept, words, row, names)


def _own_tables(tables: Iterable[Table], team_id: str) -> tuple[Table, ...]:
    """The unit's own rows; a table that does not say whose its rows are is left out."""
    found = []
    for table in tables:
        rows = [r for r, team in zip(table.rows, table.row_teams, strict=False) if team == team_id]
        if rows:
            found.append(replace(table, rows=tuple(rows), row_teams=(team_id,) * len(rows), citations=()))
    return tuple(found)


def _for_person(content: ProductContent, names: Names) -> ProductContent:
    """Only the statement of fact, date and what is asked: no annex, no codes, no counts."""
    plain = _each(content, lambda s: replace(s, citations=()), lambda row: row, names)
    return replace(_without(plain, COUNT), annex=(), tables=(), tail=())


def _counts(content: ProductContent) -> ProductContent:
    """Counts only; a cell that counts fewer than three persons shows no number."""
    tables = tuple(_few(t) for t in content.tables if t.numeric)
    parts = _parts(content.parts, lambda s: COUNT in s.tags)
    return replace(content, parts=parts, tables=tables, annex=(), form=(), teams=(), cadres=())


def _few(table: Table) -> Table:
    if not table.counts_persons:
        return table
    first = len(table.header) - table.numeric

    def cell(at: int, text: str) -> str:
        return f"＜{FEWEST}" if at >= first and text.isdigit() and 0 < int(text) < FEWEST else text

    return replace(table, rows=tuple(tuple(cell(i, t) for i, t in enumerate(row)) for row in table.rows))


def _without(content: ProductContent, tag: str) -> ProductContent:
    parts = _parts(content.parts, lambda s: tag not in s.tags)
    return replace(content, parts=parts, tail=tuple(s for s in content.tail if tag not in s.tags))


def _parts(parts: Iterable[Part], keeps: Callable[[Sentence], bool]) -> tuple[Part, ...]:
    """Parts with the sentences that stay; a part that lost all of them goes, and headings are numbered anew."""
    kept: list[Part] = []
    for part in parts:
        said = tuple(s for s in part.sentences if keeps(s))
        if said or not part.sentences:
            heading = _NUMBER.sub("", part.heading)
            kept.append(replace(part, heading=heading, sentences=said))
    full = [p for i, p in enumerate(kept) if p.sentences or _has_below(kept, i) or _stood_empty(parts, p)]
    return tuple(numbered(full))


def _has_below(parts: list[Part], at: int) -> bool:
    """Whether a heading still has parts with words under it."""
    for later in parts[at + 1 :]:
        if later.level <= parts[at].level:
            return False
        if later.sentences:
            return True
    return False


def _stood_empty(parts: Iterable[Part], part: Part) -> bool:
    """A heading that never had words of its own nor parts below it, such as 重大事项：无 or that of a table."""
    listed = list(parts)
    at = next((i for i, p in enumerate(listed) if _NUMBER.sub("", p.heading) == part.heading), None)
    if at is None or listed[at].sentences:
        return False
    return at + 1 == len(listed) or listed[at + 1].level <= listed[at].level


def _each(
    content: ProductContent, words: Callable[[Sentence], Sentence], row: Callable[[AnnexRow], AnnexRow], names: Names
) -> ProductContent:
    parts = tuple(replace(p, sentences=tuple(map(words, p.sentences))) for p in content.parts)
    return replace(
        content, parts=parts, tail=tuple(map(words, content.tail)), annex=tuple(map(row, content.annex)),
        form=tuple((label, _masked(text, names)) for label, text in content.form),
    )  # fmt: skip


def _replaced(text: str, names: Iterable[str], by: str) -> str:
    for name in names:
        text = text.replace(name, by)
    return text
