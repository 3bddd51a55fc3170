"""shiji records: coverage of a quarter. shiji hearing: clocks. shiji ledger: what is due, overlap, balance."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from api.commands.opening import open_system, say, viewer_named

records = typer.Typer(no_args_is_help=True, help="Field records (六字): coverage of teams.")
hearing = typer.Typer(no_args_is_help=True, help="Right to be heard: notices, clocks, what is to be destroyed.")
ledger = typer.Typer(no_args_is_help=True, help="业绩责任记实: what is due, days of overlap, balance of a year.")
As = Annotated[str, typer.Option("--as", help="Account to act for; default: 考核办.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]


@records.command("coverage")
def coverage(
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="2025Q3; default: the current one.")] = "",
    login: As = "",
    as_json: Json = False,
) -> None:
    """Records by team and channel with 核实率, teams in roster order."""
    from dossier import terms
    from dossier.field.coverage import matrix, quarter_of

    with open_system() as system, system.database.read() as session:
        found = matrix(session, viewer_named(system, login), quarter or quarter_of(system.settings.today()))
    for row in found.rows:
        counts = dict(zip(terms.CHANNELS, row.counts, strict=True))
        if as_json:
            say(json.dumps({"team": row.team_id, **counts, "rate": row.rate.text}, ensure_ascii=False))
        else:
            said = " ".join(f"{channel}{count}" for channel, count in counts.items())
            say(f"{row.team_id}\t{row.team}\t{said}\t{row.rate.text}")


@hearing.command("list")
def list_notices(login: As = "", as_json: Json = False) -> None:
    """Notices with their clocks, open ones first."""
    from dossier.hearing.register import notices

    with open_system() as system, system.database.read() as session:
        found = notices(session, viewer_named(system, login), system.settings.today())
    for row in found:
        if as_json:
            say(json.dumps(asdict(row), ensure_ascii=False, default=str))
        else:
            say(f"{row.id}\t{row.code}\t{row.whom}\t{row.due}\t{row.state}\t{row.result or '—'}")


@hearing.command("due")
def due(login: As = "", as_json: Json = False) -> None:
    """What runs or waits for an account, earliest day first."""
    from dossier.hearing.register import deadlines

    with open_system() as system, system.database.read() as session:
        found = deadlines(session, viewer_named(system, login), system.settings.today())
    for row in found:
        if as_json:
            say(json.dumps(asdict(row), ensure_ascii=False, default=str))
        else:
            say(f"{row.due or '—'}\t{row.kind}\t{row.what}{'（已过期）' if row.late else ''}")


@hearing.command("destruction")
def destruction(as_json: Json = False) -> None:
    """Items whose content is due to go and that stand on no list: numbers, classes and days only."""
    from dossier.clearing.destruction import due_items

    with open_system() as system, system.database.read() as session:
        found = due_items(session, system.settings.today())
    for row in found:
        line = f"{row.code}\t{row.retention}\t{row.due}"
        say(json.dumps(asdict(row), ensure_ascii=False, default=str) if as_json else line)


@ledger.command("due")
def ledger_due(
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="2025Q4; default: the current one.")] = "",
    login: As = "",
) -> None:
    """Tracking dates up to the end of a quarter for which nothing was noted."""
    from dossier.ledger.book import all_entries, due_in
    from dossier.products.spans import code_of, span_of

    with open_system() as system, system.database.read() as session:
        today = system.settings.today()
        found = all_entries(session, viewer_named(system, login), today)
        for entry, dated in due_in(found, span_of("quarter", quarter or code_of("quarter", today))):
            say(f"{dated.due}\t{entry.number}\t{entry.cadre}\t{entry.matter}\t{dated.what}")


@ledger.command("overlap")
def ledger_overlap(
    cadre: Annotated[str, typer.Argument(metavar="CADRE", help="Id of the person, P026.")],
    team: Annotated[str, typer.Argument(metavar="TEAM", help="Id of the team, D10.")],
    first: Annotated[str, typer.Argument(metavar="FROM", help="First day, 2021-03-01.")],
    last: Annotated[str, typer.Argument(metavar="TO", help="Last day, included.")],
) -> None:
    """Days in post inside an interval, both ends included: a reference, never an apportionment."""
    from api.days import required_day
    from dossier.ledger.overlap import overlap, team_spans

    days = required_day(first, "FROM"), required_day(last, "TO")
    with open_system() as system, system.database.read() as session:
        say(overlap([span for span, _title in team_spans(session, cadre, team)], *days).text)


@ledger.command("balance")
def balance(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="The year of the balance page.")], login: As = ""
) -> None:
    """Open entries as the balance page of a year prints them."""
    from dossier.ledger.closing import balance as of_year

    with open_system() as system, system.database.read() as session:
        found = of_year(session, viewer_named(system, login), year, system.settings.today())
    for line in found.lines:
        say(f"{line.number}\t{line.cadre}\t{line.kind}\t{line.matter}\t{line.state}\t{line.next_due or '—'}")
