"""Commands on 指标体系, 综合得分 and 口径快照."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.commands.opening import open_system, say, viewer_named

book = typer.Typer(no_args_is_help=True, help="Indicator books by year: draft, simulate, submit, check, approve.")
assess = typer.Typer(no_args_is_help=True, help="Composite scores, core indicators and pinned snapshots.")
AsOption = Annotated[str, typer.Option("--as", help="Account whose rights apply.")]
NoteOption = Annotated[str, typer.Option(help="Reason or opinion.")]
YearOption = Annotated[int, typer.Option(help="Year of the book.")]
BookArgument = Annotated[int, typer.Argument(metavar="BOOK", help="Number of the book, see `shiji book list`.")]
RejectOption = Annotated[bool, typer.Option("--reject", help="Send back instead; needs --note.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON instead of lines.")]


@book.command("list")
def list_all() -> None:
    """All books with their state."""
    from appraisal.book_acts import row_name
    from appraisal.books import STATES, list_books

    with open_system() as system, system.database.read() as session:
        for row in list_books(session):
            say(f"{row.id}  {row_name(row)}  {STATES[row.state]}  {row.document_no}  {row.note}")


@book.command("template")
def template(
    output: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="File to write.")], year: YearOption,
    from_book: Annotated[int, typer.Option("--from", help="Fill it with this book.")] = 0,
) -> None:  # fmt: skip
    """An Excel workbook to fill in, empty or with a book."""
    from appraisal.book_sheet import book_workbook
    from appraisal.books import get_book, stored_book

    with open_system() as system, system.database.read() as session:
        known = stored_book(get_book(session, from_book)) if from_book else None
    output.write_bytes(book_workbook(known, year))
    say(f"{output}")


@book.command("import")
def import_book(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Workbook or YAML.")], year: YearOption, note: NoteOption,
    as_login: AsOption = "",
) -> None:  # fmt: skip
    """A filled workbook or YAML file as a draft."""
    from api.acts import books
    from api.commands.data import file_bytes

    with open_system() as system:
        row = books.upload(system, viewer_named(system, as_login), file.name, file_bytes(file), year, note)
        say(f"book {row.id}: {row.year} version {row.version}, draft")


@book.command("copy")
def copy(
    source: Annotated[int, typer.Argument(metavar="BOOK", help="Number of the book, 0 for the catalogue.")],
    year: YearOption, note: NoteOption, as_login: AsOption = "",
) -> None:  # fmt: skip
    """A draft for a year from another book."""
    from api.acts import books

    with open_system() as system:
        row, dropped = books.copy_to_year(system, viewer_named(system, as_login), source, year, note)
        say(f"book {row.id}: {row.year} version {row.version}, draft; not valid in {year}: {'、'.join(dropped) or '-'}")


@book.command("simulate")
def simulate(
    number: BookArgument, period: Annotated[str, typer.Option(help="Default: last year with figures.")] = "",
    as_login: AsOption = "",
) -> None:  # fmt: skip
    """Try a draft on a past period and keep the result."""
    from api.acts import books

    with open_system() as system:
        made = books.simulate(system, viewer_named(system, as_login), number, period)
        for category, rows in made.result["categories"].items():
            for row in rows:
                say(f"{category} {row['team']} {row['before']} -> {row['after']} ({row['change']}) {row['band_after']}")


@book.command("submit")
def submit(number: BookArgument, as_login: AsOption = "") -> None:
    """Hand a draft to the checking section (KH)."""
    from api.acts import books

    with open_system() as system:
        say(f"book {books.submit(system, viewer_named(system, as_login), number).id}: submitted")


@book.command("check")
def check(number: BookArgument, as_login: AsOption, note: NoteOption = "", reject: RejectOption = False) -> None:
    """Agree with a submitted book or send it back (HEAD)."""
    from api.acts import books

    with open_system() as system:
        row = books.check(system, viewer_named(system, as_login), number, not reject, note)
        say(f"book {row.id}: {row.state}")


@book.command("approve")
def approve(
    number: BookArgument, as_login: AsOption,
    document: Annotated[str, typer.Option(help="Document number of the approval.")] = "", note: NoteOption = "",
    reject: RejectOption = False,
) -> None:  # fmt: skip
    """Approve a checked book under a document number, or send it back (MIN)."""
    from api.acts import books

    with open_system() as system:
        row = books.approve(system, viewer_named(system, as_login), number, not reject, document, note)
        say(f"book {row.id}: {row.state}")


@assess.command("scores")
def scores(
    period: Annotated[str, typer.Option(help="2025Q3 or 2024年; default: the newest.")] = "",
    pin: Annotated[int, typer.Option(help="From this snapshot.")] = 0, as_login: AsOption = "",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Composites by category in roster order, with completeness and bands of positions."""
    from dataclasses import asdict

    from appraisal.score_sheet import score_sheet

    with open_system() as system:
        viewer = viewer_named(system, as_login)
        with system.database.read() as session:
            sheet = score_sheet(session, viewer, period, pin)
    if as_json:
        say(json.dumps(asdict(sheet), ensure_ascii=False))
        return
    say(f"{sheet.period}  {sheet.book}")
    for table in sheet.tables:
        for row in table.rows:
            say(f"{table.category}  {row.team}  {row.score}  {row.complete}%  {row.spread}  {row.band}")


@assess.command("core")
def core(
    quarter: Annotated[str, typer.Argument(help="2025Q3.")], as_login: AsOption = "", as_json: JsonOption = False
) -> None:
    """Core indicators (the "4") of every district for a quarter, in roster order."""
    from sqlalchemy import select

    from api.routes.assessment import core_dict
    from appraisal.core_four import core_four
    from dossier.scope import team_clause
    from storage.tables import Team

    with open_system() as system:
        viewer = viewer_named(system, as_login)
        with system.database.read() as session:
            visible = set(session.scalars(select(Team.id).where(team_clause(viewer))))
            found = [one for key, one in core_four(session, quarter).items() if key in visible]
    for one in found:
        line = json.dumps(core_dict(one), ensure_ascii=False) if as_json else ""
        say(line or f"{one.team.category}  {one.team.name}  {one.node.text}  {'；'.join(one.node.flags)}")


@assess.command("pin")
def make_pin(
    period: Annotated[str, typer.Argument(help="2025Q3 or 2024年.")],
    purpose: Annotated[str, typer.Option(help="What the snapshot is for.")], as_login: AsOption = "",
) -> None:  # fmt: skip
    """Pin the versions and scores of a period."""
    from api.acts import assessing

    with open_system() as system:
        row = assessing.make_pin(system, viewer_named(system, as_login), period, purpose)
        say(f"snapshot {row.id}: {row.period} {row.sha256}")


@assess.command("verify")
def verify(number: Annotated[int, typer.Argument(metavar="SNAPSHOT", help="Number of the snapshot.")]) -> None:
    """Compute a snapshot again and list what is different now; exit code 1 when it does not come out the same."""
    from appraisal import pins

    with open_system() as system, system.database.read() as session:
        _, changed = pins.recompute(session, number)
        for one in pins.differences(session, number):
            say(f"{one.kind}  {one.team or '-'}  {one.what}  {one.period}  {one.before} -> {one.after}")
    say("same scores" if not changed else f"different: {'、'.join(changed)}")
    if changed:
        raise typer.Exit(1)
