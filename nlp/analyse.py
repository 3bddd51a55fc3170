"""The whole reading of one document: passages, topics, teams, cadres, dates, figures. Pure: text and roster in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.cadres import CadreAttribution, CadreFindings, attribute_cadres
from nlp.context import DocumentContext, SourceInfo, document_context, guess_source
from nlp.dates import EventDate, event_date
from nlp.errors import NlpError
from nlp.figures import Metric, metrics
from nlp.led_teams import with_teams_of_cadres
from nlp.names import Matcher
from nlp.passages import Span, split_passages
from nlp.relevance import as_fragment, relevant
from nlp.roster import Roster
from nlp.speech import Speech, speeches
from nlp.teams import TeamAttribution, TeamFindings, attribute_teams
from nlp.text import clean, normalise, restore
from nlp.topic_port import TopicInput, TopicModel, TopicResult

_DATE = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


@dataclass(frozen=True)
class DocumentIn:
    """A document to read. `source` may be a bare name; `verified`: an officer has already confirmed its facts."""

    text: str
    title: str = ""
    published_at: dt.date | dt.datetime | str | None = None
    source: SourceInfo | str = ""
    id: str = ""
    verified: bool = False


@dataclass(frozen=True)
class PassageAnalysis:
    """One passage, characters [start, end) of the document's text. What is not sure stands under undecided."""

    start: int
    end: int
    text: str
    label: str
    also: tuple[str, ...]
    sub_type: str | None
    confidence: float
    probabilities: dict[str, float]
    because: str
    label_span: tuple[int, int]
    teams: tuple[TeamAttribution, ...]
    cadres: tuple[CadreAttribution, ...]
    undecided_teams: tuple[TeamAttribution, ...]
    undecided_cadres: tuple[CadreAttribution, ...]
    event_date: EventDate
    metrics: tuple[Metric, ...]
    speeches: tuple[Speech, ...] = ()


@dataclass(frozen=True)
class DocumentAnalysis:
    """All passages of one document, in order, and the source as it was understood."""

    id: str
    source: SourceInfo
    published_at: dt.date | None
    passages: tuple[PassageAnalysis, ...]


@dataclass(frozen=True)
class _Opened:
    """A document cleaned and cut. `offsets` lead back to its own text where cleaning moved characters."""

    document: DocumentIn
    context: DocumentContext
    spans: list[Span]
    offsets: list[int] | None


def analyse(document: DocumentIn, roster: Roster | Matcher, topic_model: TopicModel) -> DocumentAnalysis:
    """Read one document. Pass a Matcher to reuse it; a Roster's is built once and kept.

    Raises NlpError NLP-A01 for a text that is no string, NLP-A02 for an unreadable date.
    """
    return analyse_all([document], roster, topic_model)[0]


def analyse_all(
    documents: Sequence[DocumentIn], roster: Roster | Matcher, topic_model: TopicModel
) -> list[DocumentAnalysis]:
    """Read documents, the topics of all their passages in one call: the same results as one by one, sooner.

    Raises what `analyse` raises, for the first document that cannot be read.
    """
    matcher = roster if isinstance(roster, Matcher) else matcher_for(roster)
    opened = [_open(document, matcher) for document in documents]
    asked = [_asked(one.context, span) for one in opened for span in one.spans]
    topics = iter(topic_model.predict(asked) if asked else [])
    return [_read(one, [next(topics) for _span in one.spans]) for one in opened]


def _open(document: DocumentIn, matcher: Matcher) -> _Opened:
    if not isinstance(document.text, str) or not isinstance(document.title, str):
        raise NlpError("NLP-A01", "正文或标题不是文本", document.id, "检查输入")
    cleaned, offsets = clean(document.text)
    text, title = normalise(cleaned), normalise(clean(document.title)[0])
    published = publication_day(document.published_at, document.id)
    source = document.source if isinstance(document.source, SourceInfo) else guess_source(document.source, matcher)
    context = document_context(matcher, text, title, source, published, document.verified)
    return _Opened(document, context, split_passages(text), offsets)


def _asked(context: DocumentContext, span: Span) -> TopicInput:
    day = context.published_at.isoformat() if context.published_at else ""
    return TopicInput(context.text[span.start : span.end], context.title, day, context.source.name)


def _read(opened: _Opened, topics: Sequence[TopicResult]) -> DocumentAnalysis:
    document, context = opened.document, opened.context
    done: list[PassageAnalysis] = []
    told: EventDate | None = None
    for span, topic in zip(opened.spans, topics, strict=True):
        done.append(_passage(context, span, topic, told))
        when = done[-1].event_date
        told = when if when.source == "text" and when.precision == "day" else told
    if opened.offsets is not None:
        done = [_shift(p, opened.offsets, document.text) for p in done]
    elif context.text != document.text:
        done = [replace(p, text=document.text[p.start : p.end]) for p in done]
    return DocumentAnalysis(document.id, context.source, context.published_at, tuple(done))


_built: list[tuple[Roster, Matcher]] = []


def matcher_for(roster: Roster) -> Matcher:
    """The matcher of a roster, built on first use; the few last rosters are remembered by identity."""
    for known, matcher in _built:
        if known is roster:
            return matcher
    matcher = Matcher(roster)
    _built.append((roster, matcher))
    del _built[:-4]
    return matcher


def publication_day(value: dt.date | dt.datetime | str | None, where: str = "") -> dt.date | None:
    """The day of a publication time in any of the usual forms; None when there is none. Raises NLP-A02."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    found = _DATE.match(str(value))
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise NlpError("NLP-A02", f"发布时间无法识别：{value}", where, "写成 2025-10-16 的形式")


def _passage(context: DocumentContext, span: Span, topic: TopicResult, told: EventDate | None) -> PassageAnalysis:
    text = context.text[span.start : span.end]
    event = event_date(text, context.published_at, told)
    teams: TeamFindings = attribute_teams(context, span, topic)
    cadres: CadreFindings = attribute_cadres(context, span, teams, event, topic)
    teams = with_teams_of_cadres(context, teams, cadres, topic)
    alone = len(text) == len(context.text.strip())  # a line that is the whole document is judged as a statement
    fragment = None if alone else as_fragment(text, topic)
    topic = fragment or relevant(topic, teams, cadres, context.source.owner_team is not None)
    return PassageAnalysis(
        span.start,
        span.end,
        text,
        topic.label,
        tuple(topic.also),
        topic.sub_type,
        topic.confidence,
        topic.probabilities,
        topic.because,
        topic.span,
        teams.accepted,
        cadres.accepted,
        teams.undecided,
        cadres.undecided,
        event,
        tuple(metrics(text)),
        tuple(speeches(text, span.start, cadres.accepted, teams.accepted)),
    )


def _shift(passage: PassageAnalysis, offsets: list[int], original: str) -> PassageAnalysis:
    """The same passage with document spans, and passage-relative ones, as offsets of the uncleaned text."""
    start, end = restore((passage.start, passage.end), offsets)

    def inside(span: tuple[int, int]) -> tuple[int, int]:
        a, b = restore((span[0] + passage.start, span[1] + passage.start), offsets)
        return a - start, b - start

    def team(item: TeamAttribution) -> TeamAttribution:
        return replace(item, spans=tuple(restore(s, offsets) for s in item.spans))

    def cadre(item: CadreAttribution) -> CadreAttribution:
        return replace(item, span=restore(item.span, offsets))

    event = passage.event_date
    return replace(
        passage,
        start=start,
        end=end,
        text=original[start:end],
        label_span=inside(passage.label_span),
        teams=tuple(map(team, passage.teams)),
        undecided_teams=tuple(map(team, passage.undecided_teams)),
        cadres=tuple(map(cadre, passage.cadres)),
        undecided_cadres=tuple(map(cadre, passage.undecided_cadres)),
        event_date=replace(event, span=inside(event.span)) if event.source == "text" else event,
        metrics=tuple(replace(m, span=inside(m.span)) for m in passage.metrics),
        speeches=tuple(_moved(s, inside((s.start, s.end))) for s in passage.speeches),
    )


def _moved(speech: Speech, span: tuple[int, int]) -> Speech:
    return replace(speech, start=span[0], end=span[1])
