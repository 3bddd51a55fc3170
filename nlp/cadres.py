"""Attributing a passage to cadres: rules P1-P9 of domain.md §3.8. The wrong person is the worst bug: if unsure, ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nlp.acts import acts_as_leader, cadre_role, speaks_of_fault
from nlp.context import DocumentContext
from nlp.dates import EventDate
from nlp.earlier import with_earlier_title
from nlp.head_titles import head_sites
from nlp.names import Mention
from nlp.neighbours import NameSite, Unit, name_site
from nlp.passages import Span, split_sentences
from nlp.posts import fits
from nlp.roster import Tenure
from nlp.teams import TeamFindings
from nlp.topic_port import TopicResult

Status = Literal["accepted", "undecided"]
ACCEPT = 5  # domain.md §3.8: name 3 + title 2, with a tenure that covers the event date


@dataclass(frozen=True)
class CadreAttribution:
    """One person of a passage, or several candidates left to an officer (`candidates`, status undecided)."""

    id: str
    name: str
    team: str
    post: str
    role: str
    confidence: float
    because: str
    status: Status = "accepted"
    rules: tuple[str, ...] = ()
    score: int = 0
    span: tuple[int, int] = (0, 0)
    candidates: tuple[str, ...] = ()
    by_earlier_line: bool = False  # the title stands in an earlier line of the document, not here


@dataclass(frozen=True)
class CadreFindings:
    """What was decided and what is left to an officer (人工判别)."""

    accepted: tuple[CadreAttribution, ...] = ()
    undecided: tuple[CadreAttribution, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    person: str
    tenures: tuple[Tenure, ...]
    score: int
    titled: bool
    in_unit: bool
    covered: bool


def is_adverse(topic: TopicResult | None) -> bool:
    """A passage that says something bad: a problem, or a disciplinary or admonition matter (P6, ZD8, ZD9)."""
    if topic is None:
        return False
    sub = topic.sub_type or ""
    return topic.label == "problem" or sub in {"ZD8", "ZD9"} or sub.startswith("WT")


def attribute_cadres(
    context: DocumentContext, span: Span, teams: TeamFindings, event: EventDate, topic: TopicResult | None = None
) -> CadreFindings:
    """Persons of the passage `span`. Nobody is accepted without a tenure that covers the event date."""
    found: list[CadreAttribution] = []
    named = [m for m in context.mentions_in(span.start, span.end) if m.person_name]
    for mention in named:
        item = _named(context, mention, _sentence(context, span, mention.start), teams, event)
        if item is not None:
            found.append(item)
    for item in _titled(context, span, teams, event):
        if not any(item.span[0] <= m.start < item.span[1] + 2 for m in named):
            found.append(item)
    if is_adverse(topic) and not (context.source.official or context.verified):
        found = [item if _unblamed(context, item, span, teams, topic) else _blocked(item) for item in found]
    return _settle(found)


def _sentence(context: DocumentContext, span: Span, at: int) -> Span:
    sentences = split_sentences(context.text, span.start, span.end)
    return next((s for s in sentences if s.start <= at < s.end), span)


_GONE = {"原", "原任", "前任", "前"}
_PLAIN_PARTS = {"主体", "信息来源", "出席", "参与"}


def _unblamed(
    context: DocumentContext, item: CadreAttribution, span: Span, teams: TeamFindings, topic: TopicResult | None
) -> bool:
    """P6 keeps bad news from persons. It is not about somebody who is quoted on, attends or leads the putting right.

    Only where the cadre's own team is no culprit in the passage and the sentence speaks of no fault; never in
    rumours (DR11) and never in discipline or admonition matters.
    """
    if topic is None or (topic.sub_type or "") in {"ZD8", "ZD9", "WT15", "WT6"} or context.source.level == "自媒体":
        return False
    if item.status != "accepted" or item.role not in {"引语", "出席", "主体"}:
        return False
    parts = {t.role for t in teams.accepted if t.id == item.team}
    if not parts or not parts <= _PLAIN_PARTS:
        return False
    sentence = _sentence(context, span, item.span[0])
    return not speaks_of_fault(context.text[sentence.start : sentence.end])


def _blocked(item: CadreAttribution) -> CadreAttribution:
    return CadreAttribution(
        item.id,
        item.name,
        item.team,
        item.post,
        item.role,
        min(item.confidence, 0.4),
        f"{item.because}；不利信息未见官方认定，不归属个人",
        "undecided",
        (*item.rules, "P6"),
        item.score,
        item.span,
        item.candidates,
    )


def _settle(found: Iterable[CadreAttribution]) -> CadreFindings:
    """One entry a person; an accepted one wins over a question about the same person."""
    accepted: dict[str, CadreAttribution] = {}
    undecided: dict[tuple[str, str], CadreAttribution] = {}
    for item in found:
        if item.status == "accepted":
            known = accepted.get(item.id)
            if known is None or known.role == "仅提及":
                accepted[item.id] = item
        else:
            undecided.setdefault((item.id, item.name), item)
    left = tuple(u for u in undecided.values() if u.id not in accepted or not u.id)
    return CadreFindings(tuple(accepted.values()), left)


def _named(
    context: DocumentContext, mention: Mention, sentence: Span, teams: TeamFindings, event: EventDate
) -> CadreAttribution | None:
    site = name_site(context, mention, sentence)
    if site is None:
        return None
    earlier = with_earlier_title(context, mention, site)
    site = earlier or site
    role = cadre_role(site.before, site.after)
    first, last, basis = _days(context, event, role)
    if first is None or last is None:
        return _ask(mention, site, (), role, "缺少事件日期，无法核对任期", "P1")
    ranked = _candidates(context, mention, site, teams, first, last)
    if not ranked:
        return None
    best = ranked[0]
    if not best.titled and not (best.in_unit and _leads(site, mention)):
        # P1: a name alone is never enough; a name with its unit only when the words are those of a leader.
        near = best.in_unit or _seen_before(context, mention)
        return _ask(mention, site, ranked, role, "仅有姓名，缺少职务或单位", "P1") if near else None
    if not best.covered:
        return _ask(mention, site, ranked, role, f"职务与{basis}的任期不符", "P3" if site.when else "P2")
    published = context.published_at
    if site.when in _GONE and published is not None and any(t.covers(published) for t in best.tenures):
        return _ask(mention, site, ranked, role, "文中称原任，名册记为在任", "P3")
    rivals = [c for c in ranked[1:] if c.score >= best.score - 1]
    if rivals or (len(ranked) > 1 and not best.in_unit):
        return _ask(mention, site, ranked, role, "同名人员，无法区分", "P4")
    if best.score < ACCEPT or (best.score == ACCEPT and _says_too_little(context, site)):
        return _ask(mention, site, ranked, role, "依据不足", "P1")
    tenure = best.tenures[0]
    rules = ["P1", *(["P3"] if site.when else []), *(["P4"] if len(ranked) > 1 else [])]
    return CadreAttribution(
        best.person,
        mention.person_name,
        tenure.team,
        tenure.post,
        role,
        0.97 if best.score >= 7 and earlier is None else 0.9,
        _reason(context, mention, site, tenure, basis) + ("；职务见前文" if earlier else ""),
        "accepted",
        tuple(rules),
        best.score,
        (mention.start, mention.end),
        by_earlier_line=earlier is not None,
    )


def _leads(site: NameSite, mention: Mention) -> bool:
    return len(mention.person_name) > 2 and not site.is_word and acts_as_leader(site.after)


def _says_too_little(context: DocumentContext, site: NameSite) -> bool:
    """A title with no unit anywhere near: 市长 may be another level's (P2), and any title another city's."""
    return not context.about_our_city or any(w.endswith(("市长", "市委书记")) for w in site.titles)


def _seen_before(context: DocumentContext, mention: Mention) -> bool:
    return any(m.person_name == mention.person_name for m in context.mentions if m.start < mention.start)


def _reason(context: DocumentContext, mention: Mention, site: NameSite, tenure: Tenure, basis: str) -> str:
    until = tenure.end.isoformat() if tenure.end else "至今"
    since = tenure.start.isoformat() if tenure.start else "不详"
    team = context.matcher.roster.by_id[tenure.team].full
    title = f"；职务：{'、'.join(dict.fromkeys(site.titles))}" if site.titles else ""
    return f"命中：{mention.person_name}{title}；任职依据：{team}{tenure.post} {since}—{until}；{basis}"


def _ask(
    mention: Mention, site: NameSite, ranked: Iterable[_Candidate], role: str, why: str, rule: str
) -> CadreAttribution:
    people = tuple(c.person for c in ranked)
    return CadreAttribution(
        people[0] if len(people) == 1 else "",
        mention.person_name,
        "",
        "",
        role,
        0.4,
        f"命中：{mention.person_name}；{why}；请人工判别",
        "undecided",
        (rule,),
        0,
        (mention.start, mention.end),
        people,
    )


def _days(context: DocumentContext, event: EventDate, role: str) -> tuple[dt.date | None, dt.date | None, str]:
    """The days a tenure must cover. Speaking or attending happens when it is reported, not over a whole period."""
    published = context.published_at
    if event.start is None or event.end is None:
        return None, None, ""
    if event.source == "publication":
        return event.start, event.end, f"发布日期{event.start}"
    if (
        event.precision != "day"
        and published is not None
        and role in {"引语", "出席"}
        and event.start <= published <= event.end + dt.timedelta(days=92)
    ):
        return published, published, f"发布日期{published}"
    end = min(event.end, published) if published is not None and event.start <= published else event.end
    return event.start, end, f"事件日期{event.start}" + ("" if end == event.start else f"至{end}")


def _candidates(
    context: DocumentContext, mention: Mention, site: NameSite, teams: TeamFindings, first: dt.date, last: dt.date
) -> list[_Candidate]:
    """Persons of that name, best first (P4): name 3, title 2, unit 2 (1 when the unit is only in the context)."""
    roster = context.matcher.roster
    around = {a.id for a in teams.accepted} | set(context.title_districts) | {context.source.owner_team or ""}
    out: list[_Candidate] = []
    for person in roster.persons_named(mention.person_name):
        own = [t for t in roster.by_name[mention.person_name] if t.person == person]
        best: _Candidate | None = None
        for team in dict.fromkeys(t.team for t in own):
            there = [t for t in own if t.team == team]
            if site.unit is not Unit.NONE and team not in site.unit_teams:
                # Another unit stands by the name: not this post of this person (P1, P4).
                candidate = _Candidate(person, tuple(there), 0, False, False, False)
            else:
                titled = tuple(t for t in there if any(fits(w, t.post) for w in site.titles))
                if site.titles and not titled:
                    candidate = _Candidate(person, tuple(there), 1, False, False, False)
                else:
                    in_unit = team in site.unit_teams
                    pool = titled or tuple(there)
                    score = 3 + 2 * bool(titled) + (2 if in_unit else int(team in around))
                    covering = _cover(pool, first, last)
                    candidate = _Candidate(person, covering or pool, score, bool(titled), in_unit, bool(covering))
            if best is None or (candidate.covered, candidate.score) > (best.covered, best.score):
                best = candidate
        if best is not None:
            out.append(best)
    out.sort(key=lambda c: (-c.score, not c.covered))
    return out if out and out[0].score > 1 else [c for c in out if c.score == 1]


def _cover(tenures: Iterable[Tenure], first: dt.date, last: dt.date) -> tuple[Tenure, ...]:
    """The tenures that, end to start, cover every day from `first` to `last`; empty when some day is left out."""
    chain: list[Tenure] = []
    day = first
    while True:
        holding = next((t for t in tenures if t.covers(day) and t not in chain), None)
        if holding is None:
            return ()
        chain.append(holding)
        if holding.end is None or holding.end > last:
            return tuple(chain)
        day = holding.end


def _holds(written: str, post: str) -> bool:
    """A title without a name fits a post; 代区长 only an acting one, or the day or the roster is in doubt."""
    return fits(written, post) and ("代" not in written or "代" in post)


def _titled(context: DocumentContext, span: Span, teams: TeamFindings, event: EventDate) -> list[CadreAttribution]:
    """P2: a head's title without a name is the one holder of that post on the event date, or nobody."""
    out: list[CadreAttribution] = []
    for site in head_sites(context, span, teams):
        role = cadre_role(site.before, site.after)
        first, last, basis = _days(context, event, role)
        if first is None or last is None:
            continue
        if site.when and event.source == "publication":
            continue  # 时任 without a date of its own in the text: whose time is meant is unknown (P3)
        roster = context.matcher.roster
        pool = [t for t in roster.by_team.get(site.team, ()) if any(_holds(w, t.post) for w in site.titles)]
        people = {t.person for t in pool if t.overlaps(first, last)}
        if len(people) != 1:
            continue
        (person,) = people
        chain = _cover([t for t in pool if t.person == person], first, last)
        if not chain:
            continue
        tenure = chain[0]
        accepted = site.sure
        until = tenure.end.isoformat() if tenure.end else "至今"
        because = (
            f"命中：{context.text[site.start : site.end]}（仅有职务）；任职依据：{roster.by_id[site.team].full}"
            f"{tenure.post} {tenure.start or '不详'}—{until}；{basis}"
        )
        out.append(
            CadreAttribution(
                person,
                tenure.name,
                site.team,
                tenure.post,
                role,
                0.88 if accepted else 0.45,
                because if accepted else because + "；单位由上下文推定，请人工判别",
                "accepted" if accepted else "undecided",
                ("P2", "P3") if site.when else ("P2",),
                5 if accepted else 4,
                (site.start, site.end),
                () if accepted else (person,),
            )
        )
    return out
