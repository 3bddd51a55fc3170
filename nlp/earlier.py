"""A bare name later in a document whose earlier lines gave the same name with title and unit (P1, byline context)."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.context import DocumentContext
from nlp.names import Mention
from nlp.neighbours import NameSite, Unit, name_site
from nlp.passages import Span, split_sentences
from nlp.posts import fits

# The words directly after the name must be those of somebody in office: 费砚秋强调, not 费砚秋的名字.
_DOES = re.compile(
    r"(?:同志)?(?:还|也|又|则|随后|当场|一行|在[^，。；]{1,14}?[时上中后]，?|接受[^，。；]{2,8}采访时)*"
    r"(?:说|表示|介绍|指出|强调|要求|坦言|告诉|回应|透露|建议|谈到|解释|出席|参加|主持|到|赴|来到|深入|走进|走访|调研|"
    r"慰问|察看|查看|会见|考察|检查|督导|讲话|致辞|部署|宣布|看望|听取|带队|率队|牵头)"
)


def with_earlier_title(context: DocumentContext, mention: Mention, site: NameSite) -> NameSite | None:
    """The site with title and unit taken from an earlier full mention; None unless the document leaves no doubt.

    No doubt: one person of that name on the roster; every mention of the name in the document is bare or carries a
    post of that person; and none is a citizen's, another unit's or a former post's.
    """
    roster = context.matcher.roster
    name = mention.person_name
    if site.is_word or site.titles or site.unit is not Unit.NONE or len(roster.persons_named(name)) != 1:
        return None
    if not _DOES.match(site.after):
        return None
    held = roster.by_name[name]
    told: NameSite | None = None
    for other in context.mentions:
        if other.person_name != name or other.start == mention.start:
            continue
        there = name_site(context, other, _sentence(context, other))
        if there is None or there.unit is Unit.OTHER or there.when:
            return None
        if not there.titles:
            continue
        fitting = [t for t in held if t.team in there.unit_teams and any(fits(w, t.post) for w in there.titles)]
        if there.unit is Unit.LISTED and not fitting:
            return None
        if told is None and fitting and other.start < mention.start:
            teams = frozenset(t.team for t in fitting)
            told = replace(site, titles=there.titles, unit=Unit.LISTED, unit_teams=teams)
    return told


def _sentence(context: DocumentContext, mention: Mention) -> Span:
    text = context.text
    start = text.rfind("\n", 0, mention.start) + 1
    stop = text.find("\n", mention.end)
    line = Span(start, len(text) if stop < 0 else stop)
    return next((s for s in split_sentences(text, line.start, line.end) if s.start <= mention.start < s.end), line)
