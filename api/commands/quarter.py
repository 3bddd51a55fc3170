"""季度考核 from the command line: compute, list, show as JSON, and the differences between versions."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from api.commands.opening import open_system, say, viewer_named
from storage.errors import ShijiError

quarter = typer.Typer(no_args_is_help=True, help="Quarterly assessment 4+3+2.")
AsOption = Annotated[str, typer.Option("--as", help="Account whose rights apply.")]


@quarter.command("compute")
def compute(
    code: Annotated[str, typer.Argument(metavar="QUARTER", help="Such as 2025Q3.")],
    note: Annotated[str, typer.Option(help="Why, from version 2 on.")] = "",
    as_login: AsOption = "",
) -> None:
    """Pin the data as they stand, compute every team as a new version, and print the time it took."""
    from api.acts.quarters import compute as run

    with open_system() as system:
        row = run(system, viewer_named(system, as_login), code, note)
        say(f"{row.quarter} version {row.version}: {len(row.content['lines'])} teams in {row.milliseconds} ms")


@quarter.command("list")
def listing() -> None:
    """List all versions with their states."""
    from appraisal.quarterly.runs import list_runs

    with open_system() as system, system.database.read() as session:
        for row in list_runs(session):
            day = row.published_on or "-"
            say(f"{row.id}\t{row.quarter}\t{row.version}\t{row.state}\t{day}\t{row.milliseconds} ms\t{row.note}")


@quarter.command("show")
def show(
    run: Annotated[int, typer.Argument(help="Number of the version, from `list`.")], as_login: AsOption = ""
) -> None:
    """One JSON line for each team, in roster order."""
    from appraisal.quarterly.runs import get_run
    from appraisal.quarterly.table import quarter_table

    with open_system() as system, system.database.read() as session:
        for table in quarter_table(session, viewer_named(system, as_login), get_run(session, run)):
            for line in table.lines:
                kept = {key: value for key, value in line.items() if key != "shown_lights"}
                say(json.dumps(kept, ensure_ascii=False))


@quarter.command("diff")
def diff(
    run: Annotated[int, typer.Argument(help="Number of the later version.")],
    against: Annotated[int, typer.Option(help="Number of the other version; default: the one before.")] = 0,
) -> None:
    """What changed between two versions of a quarter, a line each."""
    from appraisal.quarterly.differences import run_differences
    from appraisal.quarterly.runs import get_run, list_runs

    with open_system() as system, system.database.read() as session:
        row = get_run(session, run)
        before = [one for one in list_runs(session) if one.quarter == row.quarter and one.version == row.version - 1]
        other = get_run(session, against) if against else next(iter(before), None)
        if other is None or other.quarter != row.quarter:
            raise ShijiError("RUN-UNKNOWN", "没有可比较的另一版", str(run), "")
        for one in run_differences(other, row):
            say(f"{one.team}\t{one.what}\t{one.before}\t{one.after}")


@quarter.command("tasks")
def tasks(
    code: Annotated[str, typer.Argument(metavar="QUARTER", help="Such as 2025Q3.")], as_login: AsOption = ""
) -> None:
    """The task board as text: a line for each team, then what is due."""
    from appraisal.quarterly.board import board
    from appraisal.review.quarter import parse_quarter

    with open_system() as system, system.database.read() as session:
        viewer = viewer_named(system, as_login)
        made = board(session, viewer, parse_quarter(code), "类别", system.settings.today())
        for row in made.rows:
            lights = "\t".join(f"{one.light.number}号{one.light.colour}（{one.light.text}）" for one in row.tasks)
            say(f"{row.team}\t{lights or '未冻结'}")
        for due in made.reminders:
            say(f"! {due.kind}\t{due.team}\t{due.text}\t{due.days}")
