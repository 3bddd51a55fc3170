"""shiji liaison, talks, batches, matters: the four daily systems from the command line, numbers and clocks."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from api.commands.opening import open_system, say, viewer_named

liaison = typer.Typer(no_args_is_help=True, help="Zones and contacts with teams.")
talks = typer.Typer(no_args_is_help=True, help="Talks with cadres.")
batches = typer.Typer(no_args_is_help=True, help="Collection batches of news.")
matters = typer.Typer(no_args_is_help=True, help="The restricted compartment: numbers and its key.")
As = Annotated[str, typer.Option("--as", help="Account to act for; default: 考核办.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quarter = Annotated[str, typer.Argument(metavar="QUARTER", help="2025Q3; default: the present one.")]


@liaison.command("coverage")
def coverage(quarter: Quarter = "", login: As = "", as_json: Json = False) -> None:
    """Contacts by team in a quarter; the teams without any are marked."""
    from dossier.liaison import coverage as rules
    from dossier.products.spans import code_of

    with open_system() as system, system.database.read() as session:
        today = system.settings.today()
        found = rules.coverage(session, viewer_named(system, login), quarter or code_of("quarter", today), today)
    for row in found.rows:
        _line(
            as_json, asdict(row), f"{row.team_id}\t{row.team}\t{row.zone}\t{row.total or '未联系'}\t{row.last or '—'}"
        )


@talks.command("counts")
def counts(quarter: Quarter = "", login: As = "", as_json: Json = False) -> None:
    """次 and 人次 of held talks in a quarter, by direction and trigger."""
    from dossier.products.spans import code_of
    from dossier.talks.register import statistics

    with open_system() as system, system.database.read() as session:
        today = system.settings.today()
        found = statistics(session, viewer_named(system, login), quarter or code_of("quarter", today), today)
    text = f"{found.span.name}\t谈话{found.times}次\t{found.persons}人次\t取消{found.cancelled}次"
    _line(as_json, asdict(found), text)


@batches.command("list")
def list_batches(login: As = "", as_json: Json = False) -> None:
    """Batches, newest first, with items and the self-published share."""
    from dossier.batches import batches as rows

    with open_system() as system, system.database.read() as session:
        found = rows(session, viewer_named(system, login))
    for row in found:
        text = f"{row.number}\t{row.since}\t{row.until}\t{row.state}\t{row.items}\t{row.own_percent}%"
        _line(as_json, {**asdict(row), "own_percent": row.own_percent}, text)


@batches.command("close")
def close_batch(
    batch_id: Annotated[int, typer.Argument(metavar="BATCH", help="Id of the batch.")], login: As = ""
) -> None:
    """Close a batch after its last day; what it counts stays."""
    from api.acts.performing import perform
    from dossier.batches import close_batch as close

    with open_system() as system:
        today = system.settings.today()
        viewer = viewer_named(system, login)
        perform(system, viewer, "batch-close", "batch", str(batch_id), lambda s, v: close(s, v, batch_id, today))
    say(f"{batch_id}: closed")


@matters.command("counts")
def matter_counts(login: As = "", as_json: Json = False) -> None:
    """条次 by quarter and kind without names; cells under 3 are closed for all but 干部监督处."""
    from dossier.compartment.kinds import KINDS
    from dossier.compartment.statistics import statistics

    with open_system() as system, system.database.read() as session:
        found = statistics(session, viewer_named(system, login))
    for row in found:
        _line(
            as_json, asdict(row), "\t".join([row.quarter, *(f"{k} {c}" for k, c in zip(KINDS, row.cells, strict=True))])
        )


@matters.command("key")
def key() -> None:
    """Check that the key file fits what is sealed, and print its id; makes the key where nothing is sealed yet."""
    with open_system() as system, system.database.read() as session:
        vault = system.vault(session)
        say(f"{vault.key_id}\t{system.settings.matter_key}")


def _line(as_json: bool, values: dict[str, Any], text: str) -> None:
    say(json.dumps(values, ensure_ascii=False, default=str) if as_json else text)
