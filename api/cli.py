"""The command `shiji`. Heavy rooms are imported inside the commands, so that the help is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from api.commands import (
    assess,
    batch,
    bundles,
    daily,
    data,
    demo,
    hearing,
    people,
    products,
    quarter,
    register,
    serving,
    warc,
    yearly,
)
from storage.errors import ShijiError

commands = typer.Typer(
    name="shiji", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="实绩：领导班子和干部工作信息系统。Settings are environment variables, see docs/settings.md.",
)  # fmt: skip

PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "Batch: JSON lines": (
        batch.extract, batch.read, batch.classify, batch.analyse, batch.duplicates, batch.search,
    ),
    "Running": (serving.serve, serving.schedule, serving.collect, serving.work, serving.health),
    "Record": (data.migrate, data.backup, data.restore, data.reindex, data.train, data.evaluate, data.brief),
}  # fmt: skip
for panel, functions in PANELS.items():
    for function in functions:
        commands.command(rich_help_panel=panel)(function)
commands.add_typer(data.roster, name="roster", rich_help_panel="Record")
commands.add_typer(register.sources, name="sources", rich_help_panel="Record")
commands.add_typer(bundles.bundle, name="bundle", rich_help_panel="Record")
commands.add_typer(warc.warc, name="warc", rich_help_panel="Record")
commands.add_typer(data.indicators, name="indicators", rich_help_panel="Record")
commands.add_typer(assess.book, name="book", rich_help_panel="Record")
commands.add_typer(assess.assess, name="assess", rich_help_panel="Record")
commands.add_typer(yearly.reviews, name="reviews", rich_help_panel="Record")
commands.add_typer(hearing.records, name="records", rich_help_panel="Record")
commands.add_typer(hearing.hearing, name="hearing", rich_help_panel="Record")
commands.add_typer(hearing.ledger, name="ledger", rich_help_panel="Record")
commands.add_typer(yearly.annual, name="annual", rich_help_panel="Record")
commands.add_typer(quarter.quarter, name="quarter", rich_help_panel="Record")
commands.add_typer(products.product, name="product", rich_help_panel="Record")
for name, group in (
    ("liaison", daily.liaison), ("talks", daily.talks), ("batches", daily.batches), ("matters", daily.matters),
):  # fmt: skip
    commands.add_typer(group, name=name, rich_help_panel="Record")
commands.add_typer(people.user, name="user", rich_help_panel="Administration")
commands.add_typer(people.audit_log, name="audit", rich_help_panel="Administration")
commands.add_typer(demo.demo, name="demo", rich_help_panel="Demonstration")


def app() -> None:
    """Run the command line; a known error is one line on stderr and exit code 1."""
    try:
        commands()
    except BrokenPipeError:  # `shiji … | head`: nobody listens any more
        sys.stdout = None
        raise SystemExit(0) from None
    except ShijiError as known:
        sys.stderr.write(known.line() + "\n")
        raise SystemExit(1) from None
    except Exception as bad:
        if not all(isinstance(getattr(bad, name, None), str) for name in ("code", "message", "action")):
            raise
        sys.stderr.write(f"[{bad.code}] {bad.message}（{getattr(bad, 'where', '')}） {bad.action}\n")  # type: ignore[attr-defined]
        raise SystemExit(1) from None


if __name__ == "__main__":
    app()
