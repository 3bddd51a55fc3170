"""The query language: 青棠 老旧小区 2024 上半年 问题.

Words apart by spaces must all occur; "…" is exact; -word must not occur; A OR B (A | B) either. A word that is the
name of a team or cadre also finds what is attributed to them. Periods, topics and states standing alone are taken
as filters and shown back. Nothing a person can type is an error: what cannot be read is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dossier import terms
from dossier.search.names import NameBook, Named
from dossier.search.periods import Period, read_period
from dossier.search.tokens import is_searchable
from nlp.text import normalise

LONGEST_QUERY = 400  # characters; what is longer is no query
MOST_WORDS = 24

_QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』＂", '"'))
_LEXEME = re.compile(r'-?"[^"]*"?|[^\s"]+')
_SEPARATORS = re.compile(r"[，、；;,]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_TOPIC_WORDS = {name: code for code, name in terms.TOPICS.items()} | {"动态": "routine"}
_GONE = (terms.UNTRUE, terms.UNVERIFIABLE, terms.WITHDRAWN)  # never in the index
_STATE_WORDS = frozenset(s for s in (*terms.STATES, "未入库") if s not in _GONE)
_SELF_WORDS = frozenset({"单位自报", "自采自发", "自报"})


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to be found. `exact`: as written; `named`: it is a team's or person's name."""

    text: str
    exact: bool = False
    named: Named | None = None


@dataclass(frozen=True, slots=True)
class Interpreted:
    """How a part of the query was understood, for showing back. kind: team cadre topic state period self without."""

    kind: str
    typed: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """All `groups` must be met, each by any of its words; none of `without` may occur."""

    typed: str = ""
    groups: tuple[tuple[Word, ...], ...] = ()
    without: tuple[Word, ...] = ()
    topics: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    self_published: bool | None = None
    interpreted: tuple[Interpreted, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """Everything looked for, in order."""
        return tuple(word for group in self.groups for word in group)


@dataclass(frozen=True, slots=True)
class _Lexeme:
    text: str
    exact: bool = False
    negative: bool = False
    either: bool = False  # joined to the one before by OR


def parse(text: str, today: date, names: NameBook | None = None) -> ParsedQuery:
    """Understand a query. `today` dates 今年 and 近三个月; never raises."""
    book = names or NameBook()
    typed = _CONTROL.sub(" ", text)[:LONGEST_QUERY]
    lexemes = _lexemes(normalise(typed.translate(_QUOTES)))[:MOST_WORDS]
    groups: list[tuple[Word, ...]] = []
    without: list[Word] = []
    topics: list[str] = []
    states: list[str] = []
    period: Period | None = None
    self_published: bool | None = None
    told: list[Interpreted] = []
    at = 0
    while at < len(lexemes):
        here = lexemes[at]
        if here.negative:
            without.append(_word(here, book))
            told.append(Interpreted("without", f"-{here.text}", f"不含：{here.text}"))
            at += 1
            continue
        run = [here]
        while at + len(run) < len(lexemes) and lexemes[at + len(run)].either:
            run.append(lexemes[at + len(run)])
        at += len(run)
        if not any(x.exact for x in run):
            if all(x.text in _TOPIC_WORDS for x in run):
                topics += [_TOPIC_WORDS[x.text] for x in run]
                told += [Interpreted("topic", x.text, f"类别：{terms.TOPICS[_TOPIC_WORDS[x.text]]}") for x in run]
                continue
            if all(x.text in _STATE_WORDS for x in run):
                states += [x.text for x in run]
                told += [Interpreted("state", x.text, f"状态：{x.text}") for x in run]
                continue
        if len(run) == 1 and not here.exact:
            if here.text in _SELF_WORDS:
                self_published = True
                told.append(Interpreted("self", here.text, "单位自报"))
                continue
            following = _plain_after(lexemes, at)
            found = read_period([here.text, *following], 0, today)
            if found:
                at += found[1] - 1
                period = found[0] if period is None else period | found[0]
                shown = " ".join([here.text, *following][: found[1]])
                told.append(Interpreted("period", shown, f"时间：{found[0].first}至{found[0].last}"))
                continue
        if len(run) == 1:
            groups += _split(here, book)
        else:
            groups.append(tuple(_word(x, book) for x in run))
    for word in (w for group in groups for w in group):
        if word.named:
            kind, label = ("team", "班子") if word.named.teams else ("cadre", "干部")
            told.append(Interpreted(kind, word.text, f"{label}：{word.named.shown}"))
    return ParsedQuery(
        typed=typed.strip(), groups=tuple(groups), without=tuple(without),
        topics=tuple(dict.fromkeys(topics)), states=tuple(dict.fromkeys(states)),
        date_from=period.first if period else None, date_to=period.last if period else None,
        self_published=self_published, interpreted=tuple(told),
    )  # fmt: skip


def _lexemes(text: str) -> list[_Lexeme]:
    found: list[_Lexeme] = []
    joined = False
    for raw in _LEXEME.findall(text):
        if raw in ("OR", "|", "||"):
            joined = bool(found) and not found[-1].negative
            continue
        negative = raw.startswith("-")
        body = raw[1:] if negative else raw
        exact = body.startswith('"')
        pieces = [body.strip('"').strip()] if exact else _SEPARATORS.split(body)
        for piece in pieces:
            if is_searchable(piece):
                found.append(_Lexeme(piece, exact, negative, joined and not negative))
                joined = False
    return found


def _plain_after(lexemes: list[_Lexeme], at: int) -> list[str]:
    """The next word, when it stands alone and may belong to a period."""
    if at >= len(lexemes):
        return []
    after = lexemes[at]
    joined = at + 1 < len(lexemes) and lexemes[at + 1].either
    return [] if after.exact or after.negative or joined else [after.text]


def _word(lexeme: _Lexeme, book: NameBook) -> Word:
    return Word(lexeme.text, lexeme.exact, None if lexeme.exact else book.whole(lexeme.text))


def _split(lexeme: _Lexeme, book: NameBook) -> list[tuple[Word, ...]]:
    """One word; or a name and what follows it, when somebody typed no space (青棠区老旧小区)."""
    word = _word(lexeme, book)
    if lexeme.exact or word.named:
        return [(word,)]
    named = book.leading(lexeme.text)
    if named is None:
        return [(word,)]
    rest = lexeme.text[len(named.word) :]
    head = Word(lexeme.text[: len(named.word)], named=named)
    return [(head,), (Word(rest, named=book.whole(rest)),)] if is_searchable(rest) else [(head,)]
