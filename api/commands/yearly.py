"""shiji annual: snapshots of a year made and computed again, quotas tried. shiji reviews: the list and a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.commands.opening import open_system, say, viewer_named
from storage.errors import ShijiError

annual = typer.Typer(no_args_is_help=True, help="Annual assessment: snapshots and quotas.")
reviews = typer.Typer(no_args_is_help=True, help="Quarterly reviews of teams.")
As = Annotated[str, typer.Option("--as", help="Account to act for; default: 考核办.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@annual.command("snapshot")
def snapshot(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="Such as 2024.")],
    cutoff: Annotated[str, typer.Option(help="Last day of publication that counts, 2025-01-20.")],
    login: As = "",
) -> None:
    """Freeze a year: evidence, data versions, weights, methods, scores; prints the SHA-256."""
    from api.acts.yearly import freeze

    with open_system() as system:
        made = freeze(system, viewer_named(system, login), year, cutoff)
        say(f"{made.id}\t第 {made.version} 版\t{made.sha256}")


@annual.command("check")
def check(
    snapshot_id: Annotated[int, typer.Argument(metavar="SNAPSHOT", help="Id of the snapshot.")], login: As = ""
) -> None:
    """Compute a snapshot again from its pinned versions; exit code 1 when hash or scores are not the same."""
    from api.acts.yearly import check_snapshot

    with open_system() as system:
        found = check_snapshot(system, viewer_named(system, login), snapshot_id)
    say(f"{'same' if found.same else 'NOT the same'}\t{found.sha256}")
    for team in found.changed:
        say(f"  score differs: {team}")
    if not found.same:
        raise SystemExit(1)


@annual.command("quota")
def quota(
    total: Annotated[int, typer.Argument(metavar="TOTAL", help="Number of teams or persons.")],
    sizes: Annotated[str, typer.Option(help="Sizes of the pools in the approved order: 10,10,9,8,6,7.")],
    capped: Annotated[bool, typer.Option("--capped", help="At most the upper share in every pool.")] = False,
    as_json: Json = False,
) -> None:
    """Apportion a total over pools of these sizes, exactly; warnings on stderr. Needs no record."""
    from appraisal.annual.quota import PoolSize, apportion

    try:
        numbers = [int(part) for part in sizes.split(",")]
    except ValueError as bad:
        raise ShijiError("QUOTA-TOTAL", f"各组数量有误：{sizes[:40]}", "--sizes", "例如 10,10,9,8,6,7。") from bad
    made = apportion([PoolSize(f"第{n}组", size, size) for n, size in enumerate(numbers, 1)], total, capped=capped)
    seats = [pool.seats for pool in made.pools]
    for warning in made.warnings:
        typer.echo(warning, err=True)
    say(json.dumps({"seats": seats, "low": made.low, "high": made.high}) if as_json else ",".join(map(str, seats)))


@reviews.command("list")
def list_reviews(
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="2025Q3; default: the last that has ended.")] = "",
    login: As = "",
    as_json: Json = False,
) -> None:
    """Teams in roster order with the step their review has reached and the state people picked."""
    from dataclasses import asdict

    from api.acts.reviewing import review_list

    with open_system() as system, system.database.read() as session:
        chosen, rows = review_list(session, viewer_named(system, login), quarter, system.settings.today())
    for row in rows:
        if as_json:
            say(json.dumps({"quarter": chosen.code, **asdict(row)}, ensure_ascii=False))
        else:
            say(f"{row.team_id}\t{row.team}\t{row.state or '未建立'}\t{row.overall or '—'}")


@reviews.command("report")
def report(
    review_id: Annotated[int, typer.Argument(metavar="REVIEW", help="Id of the review.")],
    output: Annotated[Path, typer.Option(help="File to write; default: its own name here.")] = Path(),
    login: As = "",
) -> None:
    """领导班子运行情况分析报告 as a Word file."""
    from api.acts.reviewing import export_report

    with open_system() as system:
        name, data = export_report(system, viewer_named(system, login), review_id)
    file = output if output != Path() else Path(name)
    file.write_bytes(data)
    say(str(file))
