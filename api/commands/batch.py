"""extract, read, classify, analyse, duplicates, search: the batch commands of design.md §6."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.lines import STDIN, chunks, failure, prepare_streams, read_lines, text_of, write_line

CHUNK = 64
FileArg = Annotated[str, typer.Argument(metavar="[FILE.jsonl]", help="JSON lines; standard input when left out.")]


def extract(
    pages: Annotated[list[Path], typer.Argument(metavar="PAGE.html...", help="HTML files, bytes as served.")],
    base_url: Annotated[str, typer.Option(help="Address of the pages, to complete their links.")] = "",
    charset_header: Annotated[str, typer.Option(help="Charset of the Content-Type header.")] = "",
) -> None:
    """Read article pages: title, author, editor, source, time, text, links, confidence."""
    prepare_streams()
    from collector.page import extract_page

    for path in pages:
        try:
            page = extract_page(path.read_bytes(), base_url or None, charset_header or None)
        except Exception as bad:  # one bad page never ends the batch
            write_line({"path": str(path), "error": failure(_file_error(bad, path), str(path))})
            continue
        write_line(
            {
                "path": str(path), "title": page.title, "author": page.author, "editor": page.editor,
                "source": page.source, "published_at": page.published_at, "text": page.text,
                "links": [list(link) for link in page.links], "confidence": page.confidence,
            }
        )  # fmt: skip


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Office files, PDF, OFD, mail, images.")],
) -> None:
    """Read office files, each in a limited process: title, text, tables, pages, confidence."""
    prepare_streams()
    from collector.office.document import ReadDocument
    from collector.office.worker import read_files

    for path, found in read_files(files):
        if not isinstance(found, ReadDocument):
            write_line({"path": path, "error": failure(found, path)})
            continue
        write_line(
            {
                "path": path, "title": found.title, "text": found.text, "tables": found.tables,
                "pages": found.pages, "confidence": found.confidence,
            }
        )  # fmt: skip


def classify(file: FileArg = STDIN) -> None:
    """Give passages their topic: one of practice, highlight, major_matter, problem, routine, irrelevant."""
    prepare_streams()
    from nlp.topic import load_topic_model
    from nlp.topic_port import TopicInput

    model = load_topic_model()
    for group in chunks(read_lines(file), CHUNK):
        good = [item for item in group if item.error is None]
        passages = [
            TopicInput(*(text_of(item.data, name) for name in ("text", "title", "date", "source"))) for item in good
        ]
        results: list[Any] = _predict(model, passages)
        answers = {id(item): result for item, result in zip(good, results, strict=True)}
        for item in group:
            result = answers.get(id(item))
            if item.error is not None or isinstance(result, Exception) or result is None:
                write_line({"id": item.id, "error": item.error or failure(result or ValueError(), str(item.id))})
                continue
            write_line(
                {
                    "id": item.id, "label": result.label, "also": list(result.also), "sub_type": result.sub_type,
                    "confidence": result.confidence, "probabilities": result.probabilities,
                    "because": result.because,
                }
            )  # fmt: skip


def analyse(
    roster: Annotated[Path, typer.Option(help="Roster of teams and tenures, the form of demo/roster.yaml.")],
    file: FileArg = STDIN,
    workers: Annotated[int, typer.Option(min=0, help="Processes for more than 64 documents; 0: all cores.")] = 0,
) -> None:
    """Cut documents into passages; give each its topic, teams, cadres, event date and figures, with reasons."""
    prepare_streams()
    from nlp.many import analyse_many, cores
    from nlp.roster import load_roster

    people = load_roster(roster)
    waiting: deque[Any] = deque()  # lines already handed on whose answers have not come yet
    for outcome in analyse_many(_documents(file, waiting), people, workers or cores()):
        _write_bad(waiting)
        item = waiting.popleft()
        if isinstance(outcome, Exception):
            write_line({"id": item.id, "error": failure(outcome, str(item.id))})
        else:
            write_line({"id": item.id, "passages": [_passage(passage) for passage in outcome.passages]})
    _write_bad(waiting)


def _documents(file: str, waiting: deque[Any]) -> Iterator[Any]:
    """The readable lines as documents; every line, readable or not, is noted in `waiting` in order."""
    from nlp.analyse import DocumentIn

    for item in read_lines(file):
        waiting.append(item)
        if item.error is None:
            yield DocumentIn(
                text=item.data["text"], title=text_of(item.data, "title"),
                published_at=text_of(item.data, "published_at") or None, source=text_of(item.data, "source"),
                id=str(item.id),
            )  # fmt: skip


def _write_bad(waiting: deque[Any]) -> None:
    """Answer the unreadable lines that come next."""
    while waiting and waiting[0].error is not None:
        item = waiting.popleft()
        write_line({"id": item.id, "error": item.error})


def duplicates(file: FileArg = STDIN) -> None:
    """Cluster documents that print the same text: first, exact, edited, or only the same event."""
    prepare_streams()
    from nlp.duplicates import DuplicateDoc, DuplicateIndex

    index = DuplicateIndex()
    names: dict[str, Any] = {}
    for number, item in enumerate(read_lines(file)):
        if item.error is not None:
            write_line({"id": item.id, "error": item.error})
            continue
        key = str(number)
        names[key] = item.id
        try:
            found = index.add(DuplicateDoc(key, text_of(item.data, "title"), item.data["text"]))
        except Exception as bad:  # one bad document never ends the batch
            write_line({"id": item.id, "error": failure(bad, str(item.id))})
            continue
        write_line({"id": item.id, "cluster": names[found.cluster], "relation": found.relation})


def search(
    query: Annotated[str, typer.Argument(help="Words, names, periods, topics, as on the page 检索.")],
    team: Annotated[str, typer.Option(help="Team id.")] = "",
    cadre: Annotated[str, typer.Option(help="Cadre id.")] = "",
    topic: Annotated[str, typer.Option(help="practice, highlight, major_matter, problem, routine, irrelevant.")] = "",
    since: Annotated[str, typer.Option("--from", help="First event date, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last event date, YYYY-MM-DD.")] = "",
    state: Annotated[str, typer.Option(help="State of the evidence, such as 已核实.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most hits to print.")] = 20,
    as_login: Annotated[str, typer.Option("--as", help="Search with this account's rights; default: all zones.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")] = False,
) -> None:
    """Search the record of this installation. Every call is written to the audit log."""
    prepare_streams()
    from api.access import audit
    from api.acts import searching
    from api.acts.searching import Asked
    from api.commands.opening import open_system, viewer_named

    with open_system() as system:
        viewer = viewer_named(system, as_login)
        wanted = Asked(q=query, team=team, cadre=cadre, topic=topic, state=state, since=since, until=until)
        with system.database.read() as session:
            results = searching.run(system, session, viewer, wanted, limit)
        with system.database.write() as session:
            detail = {"q": query[:200], "total": results.total}
            audit.record(session, viewer if as_login else None, "search-command", "search", detail=detail, login="cli")
        for hit in results.found.result.hits:
            shown = "".join(f"【{text}】" if matched else text for text, matched in hit.highlight)
            if not as_json:
                names = "、".join(results.names.get(t, t) for t in hit.teams) or "无归属"
                topics = "、".join(results.names.get(t, t) for t in hit.topics)
                typer.echo(f"{hit.date}  {names}  {topics}  {hit.source}  《{hit.title}》\n    {shown}")
                continue
            write_line(
                {
                    "id": hit.id, "score": hit.score, "team": list(hit.teams), "topic": list(hit.topics),
                    "date": hit.date.isoformat(), "source": hit.source, "highlight": shown, "cadre": list(hit.cadres),
                    "state": list(hit.states), "title": hit.title, "evidence": list(hit.codes), "url": hit.url,
                }
            )  # fmt: skip


def _predict(model: Any, passages: list[Any]) -> list[Any]:
    """Results in order; where a batch fails, each passage by itself, so that only the bad one fails."""
    try:
        return list(model.predict(passages))
    except Exception:
        results: list[Any] = []
        for passage in passages:
            try:
                results += model.predict([passage])
            except Exception as bad:
                results.append(bad)
        return results


def _passage(passage: Any) -> dict[str, Any]:
    day = passage.event_date.start
    return {
        "start": passage.start, "end": passage.end, "label": passage.label, "also": list(passage.also),
        "sub_type": passage.sub_type, "confidence": passage.confidence,
        "teams": [_named(team) for team in passage.teams], "cadres": [_named(cadre) for cadre in passage.cadres],
        "event_date": day.isoformat() if day else None,
        "event_date_source": passage.event_date.source,
        "event_date_precision": passage.event_date.precision,
        "metrics": [
            {"name": m.name, "value": m.value, "unit": m.unit, "comparator": m.comparator, "period": m.period}
            for m in passage.metrics
        ],
        "speech": [
            {"start": s.start, "end": s.end, "speaker": s.speaker, "kind": s.kind, "id": s.id, "direct": s.direct}
            for s in passage.speeches
        ],
    }  # fmt: skip


def _named(found: Any) -> dict[str, Any]:
    return {"id": found.id, "role": found.role, "confidence": found.confidence, "because": found.because}


def _file_error(bad: Exception, path: Path) -> Exception:
    from storage.errors import ShijiError

    if isinstance(bad, OSError):
        return ShijiError("FILE-OPEN", f"文件无法打开：{bad.strerror or bad}", str(path), "请检查路径。")
    return bad
