"""Reading many documents: in groups, by several processes where there is more than one group; order is kept."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from threadpoolctl import threadpool_limits

from nlp.analyse import DocumentAnalysis, DocumentIn, analyse, analyse_all, matcher_for
from nlp.names import Matcher
from nlp.roster import Roster
from nlp.topic import load_topic_model
from nlp.topic_port import TopicModel

GROUP = 64  # documents read at once
AHEAD = 2  # groups a process has waiting
Outcome = DocumentAnalysis | Exception
_mine: list[tuple[Matcher, TopicModel]] = []  # of this process


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def analyse_many(
    documents: Iterable[DocumentIn], roster: Roster, workers: int = 1, with_encoder: bool = True
) -> Iterator[Outcome]:
    """What the analysis says of each document, or the error it ended with, in order; the batch always goes on.

    Results are the same whatever `workers` is; memory stays flat, since only a few groups are held.
    """
    groups = _groups(iter(documents))
    start = list(islice(groups, 2))
    if workers < 2 or len(start) < 2:
        matcher, model = matcher_for(roster), load_topic_model(with_encoder=with_encoder)
        for group in (*start, *groups):
            yield from _outcomes(group, matcher, model)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
    with ProcessPoolExecutor(workers, spawn, _begin, (roster, with_encoder)) as pool:
        held: deque[Future[list[Outcome]]] = deque()
        for group in (*start, *groups):
            held.append(pool.submit(_in_process, group))
            if len(held) >= workers * AHEAD:
                yield from held.popleft().result()
        while held:
            yield from held.popleft().result()


def _groups(documents: Iterator[DocumentIn]) -> Iterator[list[DocumentIn]]:
    while group := list(islice(documents, GROUP)):
        yield group


def _begin(roster: Roster, with_encoder: bool) -> None:
    threadpool_limits(1)  # the processes share the cores already
    _mine.append((matcher_for(roster), load_topic_model(with_encoder=with_encoder)))


def _in_process(group: Sequence[DocumentIn]) -> list[Outcome]:
    matcher, model = _mine[0]
    return _outcomes(group, matcher, model)


def _outcomes(group: Sequence[DocumentIn], matcher: Matcher, model: TopicModel) -> list[Outcome]:
    """All at once; where that fails, each by itself, so that only the bad one fails."""
    try:
        return list(analyse_all(group, matcher, model))
    except Exception:
        return [_outcome(document, matcher, model) for document in group]


def _outcome(document: DocumentIn, matcher: Matcher, model: TopicModel) -> Outcome:
    try:
        return analyse(document, matcher, model)
    except Exception as bad:
        return bad
