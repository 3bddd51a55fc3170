"""Commands on the record: migrations, backup, index, roster, sources, indicators, the model, briefs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import bar, open_system, say, viewer_named
from storage.errors import ShijiError

if TYPE_CHECKING:
    from api.system import System

roster = typer.Typer(no_args_is_help=True, help="Roster of teams, cadres and tenures.")
indicators = typer.Typer(no_args_is_help=True, help="Indicator book and figures.")
YesOption = Annotated[bool, typer.Option("--yes", help="Write without asking.")]


def migrate() -> None:
    """Bring the database to the newest schema."""
    with open_system() as system:
        say(f"{system.database.url.split('@')[-1]}: schema up to date")


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="New tar file.")]) -> None:
    """Write all rows, originals, WARC files, drops and inbox to one file, while the system may run."""
    from storage.backup import backup as write

    with open_system() as system:
        counts = write(system.database, system.archive, file, _step, system.settings.kept_folders)
    sys.stderr.write("\n")
    say(_counted(file, counts))


def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]) -> None:
    """Fill an empty installation from a backup, then rebuild the search index."""
    from dossier.search.worker import reindex as rebuild
    from storage.backup import restore as read

    with open_system() as system:
        counts = read(file, system.database, system.archive, _step, system.settings.kept_folders)
        sys.stderr.write("\n")
        say(_counted(file, counts))
        say(f"{rebuild(system.database, system.index, bar('index'))} passages indexed")


def reindex() -> None:
    """Build the search index anew from the record."""
    from dossier.search.worker import reindex as rebuild

    with open_system() as system:
        say(f"{rebuild(system.database, system.index, bar('index'))} passages indexed")


def train(
    output: Annotated[Path | None, typer.Option(help="Model file; default: the shipped one of this checkout.")] = None,
    decisions: Annotated[bool, typer.Option("--decisions", help="Learn from officers' decisions instead.")] = False,
) -> None:
    """Train the topic model from nlp/training, or with --decisions correct the one in use by what officers decided."""
    import json

    if decisions:
        from api.acts.learning import train_from_decisions

        with open_system() as system:
            run = train_from_decisions(system, None)
            known = {"learned_from": run.learned_from, "frozen": run.frozen, "measured": run.measured}
            say(
                json.dumps(
                    {**known, "refused": run.refused, "model": system.model.version}, ensure_ascii=False, indent=2
                )
            )
        return
    from nlp.topic import model_path
    from nlp.train import train as fit

    say(json.dumps(fit(output or model_path()), ensure_ascii=False, indent=2))


def evaluate(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl", help='{"text","label"} a line, "also" optional.')],
) -> None:
    """Measure the topic model on labelled passages: accuracy, and precision, recall, F1 of every topic."""
    from api.commands.lines import prepare_streams, read_lines
    from nlp.topic import load_topic_model
    from nlp.topic_port import LABELS, TopicInput

    prepare_streams()
    gold = [item for item in read_lines(file, ("text", "label")) if item.error is None]
    if not gold:
        raise ShijiError("EVALUATE-EMPTY", "没有可用的标注行", file, '每行应有 "text" 和 "label"。')
    results = load_topic_model().predict(
        [TopicInput(i.data["text"], str(i.data.get("title") or ""), "", str(i.data.get("source") or "")) for i in gold]
    )
    truth, guess = [str(i.data["label"]) for i in gold], [r.label for r in results]
    right = sum(t == g for t, g in zip(truth, guess, strict=True))
    scores = []
    say(f"{len(gold)} passages, accuracy {right / len(gold):.4f}")
    for label in LABELS:
        hit = sum(t == g == label for t, g in zip(truth, guess, strict=True))
        precision, recall = hit / max(1, guess.count(label)), hit / max(1, truth.count(label))
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        if truth.count(label):
            scores.append(f1)
        say(f"{label:13} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  n {truth.count(label)}")
    say(f"macro F1 {sum(scores) / len(scores) if scores else 0.0:.4f}")


def brief(
    cadre: Annotated[str, typer.Argument(help="Cadre id, such as P002.")],
    kind: Annotated[str, typer.Option(help="Kind of talk, such as 任职.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Word file to write.")],
    as_login: Annotated[str, typer.Option("--as", help="Account whose rights apply, and who signs for it.")],
    interviewer: Annotated[str, typer.Option(help="谈话人.")] = "",
) -> None:
    """Make a briefing note before a talk, as a Word file; recorded like one made on the page."""
    from api.access.accounts import SignedIn
    from api.acts.briefing import export, make
    from dossier.brief import TalkPlan

    with open_system() as system:
        person = SignedIn(viewer_named(system, as_login), "", "", {})
        if person.viewer.role not in ("OFF", "HEAD"):
            raise ShijiError("RIGHTS-ROLE", "当前角色不能生成谈话简报", person.viewer.role, "")
        made = make(system, person, cadre, TalkPlan(kind, interviewer, None))
        _, content = export(system, person, made.id)
    output.write_bytes(content)
    say(f"{output}: {len(content)} bytes")


@roster.command("import")
def import_roster(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML roster, Excel 花名册, or a person's .lrmx, .lrm.")],
    yes: YesOption = False,
) -> None:
    """Show what a roster file would change, and write it after confirmation."""
    from api.acts import roster_import, roster_papers

    with open_system() as system:
        content = file_bytes(file)
        if file.suffix.lower() in roster_papers.SUFFIXES:
            _import_paper(system, file.name, content, yes)
            return
        with system.database.read() as session:
            shown = roster_import.preview(session, file.name, content)
        for problem in shown.problems:
            say(f"! {problem.sheet} {problem.row}: [{problem.code}] {problem.message}")
        for change in shown.plan.changes:
            say(f"{change.kind} {change.what} {change.key}: {change.before or '-'} -> {change.after or '-'}")
        say(f"{shown.writes} changes, {len(shown.problems)} rows refused")
        if shown.writes and (yes or typer.confirm("Write them?")):
            roster_import.confirm(system, None, file.name, content)
            say("Written.")


def _import_paper(system: System, name: str, content: bytes, yes: bool) -> None:
    """One person's 任免审批表; all tenures the roster lacks are proposed together."""
    from api.acts import roster_papers
    from dossier.lrm_import import NEW

    viewer = viewer_named(system, "")
    with system.database.read() as session:
        plan = roster_papers.plan_of(session, system, viewer, name, content)
    for title, before, after in plan.header:
        say(f"变更 {title} {plan.cadre_id}: {before or '-'} -> {after}")
    for p in plan.proposals:
        say(f"{p.kind} {p.step.start or '?'}--{p.step.end or ''} {p.step.text} {p.team_id} {p.note}".rstrip())
    new = {p.number for p in plan.proposals if p.kind == NEW}
    say(f"{plan.name} {plan.cadre_id}: {len(plan.header) + len(new)} changes, {len(plan.skipped)} parts left out")
    if yes or typer.confirm("Write them?"):
        roster_papers.write(system, viewer, name, plan.xml.encode(), new, True)
        say("Written.")


@indicators.command("import")
def import_indicators(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Book (.yaml) or tables (.xlsx, .xls).")],
) -> None:
    """Import the indicator book and figures; a revision becomes a further version."""
    with open_system() as system:
        for file in files:
            import_figures(system, file)


def register(system: System, data: dict[str, object], name: str) -> list[str]:
    """Write sources with their audit entries; returns their ids."""
    from api.acts.registering import write_register

    return write_register(system, None, name, data)


def import_figures(system: System, file: Path) -> None:
    """Import one book or one workbook, saying what happened."""
    from api.access import audit
    from api.acts import indicator_import
    from appraisal.book import parse_book
    from appraisal.books import list_books
    from appraisal.store import save_book

    content = file_bytes(file)
    if file.suffix.lower() in (".yaml", ".yml"):
        with system.database.read() as session:
            approved = any(row.state == "approved" for row in list_books(session))
        if approved:
            action = "请用 shiji book import 建立草稿，按程序审定。"
            raise ShijiError("BOOK-APPROVED", "已有审定的指标体系，不能直接写入", file.name, action)
        with system.database.write() as session:
            count = save_book(session, parse_book(content.decode("utf-8-sig"), file.name))
            audit.record(session, None, "indicator-book", "indicator-import", "", detail={"file": file.name})
        say(f"{file.name}: {count} indicators")
        return
    with system.database.read() as session:
        shown = indicator_import.preview(session, file.name, content)
    for sheet in shown.sheets:
        for mark, issues in (("!", sheet.errors), ("?", sheet.warnings)):
            for issue in issues:
                say(f"{mark} {issue.sheet} {issue.row} {issue.column}: [{issue.code}] {issue.what} {issue.action}")
    if shown.writes:
        indicator_import.confirm(system, None, file.name, content)
    say(f"{file.name}: {shown.rows} figures read, {shown.writes} written, {len(shown.errors)} rows refused")


def file_bytes(file: Path) -> bytes:
    """The content of a file named on the command line. Raises FILE-OPEN."""
    try:
        return file.read_bytes()
    except OSError as bad:
        raise ShijiError("FILE-OPEN", f"文件无法打开：{bad.strerror}", str(file), "请检查路径。") from bad


def _counted(file: Path, counts: dict[str, int]) -> str:
    return f"{file}: {counts['rows']} rows, {counts['originals']} originals, {counts['files']} files of folders"


def _step(step: str, count: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{step} {count}".ljust(60))
        sys.stderr.flush()
