"""Cutting a text into passages (信息点), domain.md §3.1: 1-3 sentences, at most 200 characters, hard limit 300."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from nlp.scan import led

SOFT_LIMIT = 200
HARD_LIMIT = 300
MAX_SENTENCES = 3

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[。！？!?；;…“”‘’（）()《》「」『』【】]")
_OPEN = "“‘（(《「『【"
_PAIR = dict(zip("”’）)》」』】", _OPEN, strict=True))
_LIST_ITEM = led(
    "一二三四五六七八九十第（(0-9①-⑳",
    r"(?:[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[，,、是]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.．、](?!\d)|[①-⑳])",
)
_NEW_MATTER = re.compile(r"(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|此外|另外|另据|另悉|与此同时)")


class Span(NamedTuple):
    """Characters [start, end) of the given text."""

    start: int
    end: int


def split_passages(text: str) -> list[Span]:
    """Spans of the passages of `text`, in order, without leading or trailing blanks; none is empty.

    Lines are paragraphs and never share a passage. Quoted and bracketed text is kept whole while it fits.
    """
    return [span for line in _LINE.finditer(text) for span in _line_passages(text, line.start(), line.end())]


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """Sentences of one paragraph; a mark inside quotes or brackets ends nothing unless it closes them."""
    cuts: list[int] = []
    stack: list[str] = []
    ended = -1
    for mark in _MARK.finditer(text, start, end):
        ch, at = mark[0], mark.start()
        if ch in _OPEN:
            stack.append(ch)
        elif ch in _PAIR:
            if _PAIR[ch] in stack:
                while stack.pop() != _PAIR[ch]:
                    pass
            if not stack and ended == at:
                cuts.append(at + 1)
        elif not stack:
            if ch == "…" and text[at + 1 : at + 2] == "…":
                continue
            if cuts and cuts[-1] == at:
                cuts[-1] = at + 1
            else:
                cuts.append(at + 1)
        if ch in "。！？!?…":
            ended = at + 1
    if stack:  # an unclosed quote would swallow the rest of the paragraph: cut at every full stop instead
        cuts = [m.end() for m in re.finditer(r"[。！？!?；;][”’）)》」』】]?", text[start:end])]
        cuts = [start + c for c in cuts]
    edges = [start, *[c for c in cuts if c < end], end]
    trimmed = (_trim(text, a, b) for a, b in itertools.pairwise(edges))
    return [s for s in trimmed if s.end > s.start]


def _line_passages(text: str, start: int, end: int) -> list[Span]:
    whole = _trim(text, start, end)
    if whole.end == whole.start:
        return []
    pieces = [p for s in split_sentences(text, whole.start, whole.end) for p in _fit(text, s)]
    out: list[Span] = []
    full = 0  # sentences in the open passage; a part ended by a semicolon is not a sentence of its own
    for piece in pieces:
        joined = out and _may_join(text, out[-1], piece, full)
        if joined:
            out[-1] = Span(out[-1].start, piece.end)
        else:
            out.append(piece)
            full = 0
        full += text[piece.end - 1] not in "；;"
    return out


def _may_join(text: str, current: Span, piece: Span, full: int) -> bool:
    if piece.end - current.start > SOFT_LIMIT or full >= MAX_SENTENCES:
        return False
    if _LIST_ITEM.match(text, piece.start):
        return text[current.end - 1] in "：:"
    if _NEW_MATTER.match(text, piece.start):
        return text[current.end - 1] in "；;"
    return True


def _fit(text: str, sentence: Span) -> list[Span]:
    """A sentence as it is, or cut: at list items when it holds a list, at commas when past the hard limit."""
    starts = [
        m.start()
        for m in _LIST_ITEM.finditer(text, sentence.start + 1, sentence.end)
        if text[m.start() - 1] in "；;。，,"
    ]
    edges = [sentence.start, *(starts if len(starts) > 1 else []), sentence.end]
    out: list[Span] = []
    for a, b in itertools.pairwise(edges):
        out.extend(_shorten(text, _trim(text, a, b)))
    return out


def _shorten(text: str, span: Span) -> list[Span]:
    out: list[Span] = []
    start, end = span
    while end - start > HARD_LIMIT:
        window = text[start : start + SOFT_LIMIT]
        cut = max(window.rfind(mark) for mark in "。！？；;")
        if cut < SOFT_LIMIT // 4:
            cut = max(window.rfind(mark) for mark in "，,、 ")
        cut = start + (cut + 1 if cut >= SOFT_LIMIT // 4 else SOFT_LIMIT)
        out.append(_trim(text, start, cut))
        start = _trim(text, cut, end).start
    out.append(_trim(text, start, end))
    return [s for s in out if s.end > s.start]


def _trim(text: str, start: int, end: int) -> Span:
    kept = text[start:end].lstrip()
    return Span(end - len(kept), end - len(kept) + len(kept.rstrip()))
