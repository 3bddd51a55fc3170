"""Roster names a query may contain, and the ids they stand for (aliases and old names: domain.md §6.3 journey 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dossier.search.tokens import fold

_PRONOUNS = ("我", "该", "全", "本")  # 我市, 该区: stand for whoever speaks
_LEVELS = "区县市旗"


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for: teams, or the persons who carry it.

    `texts`: writings that are searched for; `marks`: writings that are marked in what was found.
    """

    word: str
    teams: tuple[str, ...] = ()
    cadres: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    shown: str = ""


@dataclass(frozen=True)
class NameBook:
    """Names by their folded form; `look_alikes` are never taken apart."""

    names: dict[str, Named] = field(default_factory=dict)
    look_alikes: frozenset[str] = frozenset()

    def whole(self, word: str) -> Named | None:
        """The name that the whole word is."""
        return self.names.get(fold(word))

    def leading(self, word: str) -> Named | None:
        """The longest name a run of characters begins with, if at least two characters follow (青棠老旧小区)."""
        folded = fold(word)
        if any(folded.startswith(look) for look in self.look_alikes):
            return None
        for end in range(len(folded) - 2, 1, -1):
            named = self.names.get(folded[:end])
            if named:
                return named
        return None


def make_book(
    teams: Iterable[tuple[str, str, str]],
    aliases: Iterable[tuple[str, str, bool]],
    cadres: Iterable[tuple[str, str]],
    look_alikes: Iterable[str],
) -> NameBook:
    """From rows (team id, full, short), (team id, alias, ambiguous), (cadre id, name).

    An ambiguous alias (发改委) counts when a single team has it; a pronoun (我市) never does.
    """
    written: dict[str, list[str]] = defaultdict(list)
    shown: dict[str, str] = {}
    owners: dict[str, set[str]] = defaultdict(set)
    unsure: dict[str, set[str]] = defaultdict(set)
    for team_id, full, short in teams:
        written[team_id] += [full, short]
        shown[team_id] = full
        owners[fold(full)].add(team_id)
        owners[fold(short)].add(team_id)
    for team_id, alias, ambiguous in aliases:
        if team_id not in shown or alias.startswith(_PRONOUNS):
            continue
        if ambiguous:
            unsure[fold(alias)].add(team_id)
        else:
            written[team_id].append(alias)
            owners[fold(alias)].add(team_id)
    for alias, teams_of in unsure.items():
        if len(teams_of) == 1 and alias not in owners:
            owners[alias] |= teams_of
    book: dict[str, Named] = {}
    for word, ids in owners.items():
        if len(word) < 2:
            continue
        found = tuple(sorted(ids))
        forms = tuple(dict.fromkeys([word, *(fold(w) for i in found for w in written[i])]))
        meaning = "、".join(shown[i] for i in found)
        book[word] = Named(word, teams=found, texts=_widths(word, forms), marks=forms, shown=meaning)
    persons: dict[str, list[str]] = defaultdict(list)
    for cadre_id, name in cadres:
        persons[fold(name)].append(cadre_id)
    for word, carriers in persons.items():
        if len(word) > 1:
            book[word] = Named(word, cadres=tuple(carriers), texts=(word,), marks=(word,), shown=word)
    return NameBook(book, frozenset(fold(w) for w in look_alikes))


def _widths(word: str, listed: tuple[str, ...]) -> tuple[str, ...]:
    """The typed form and the team's other names, less a bare place name (石岭 for 石岭县) that says more than asked."""
    bare = {t for t in listed if t != word and any(t + level in listed for level in _LEVELS)}
    kept = [t for t in listed if t not in bare]
    return tuple(t for t in kept if not any(other != t and other in t for other in kept))
