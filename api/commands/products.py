"""Products from the command line: draft, list, export, recalls. Checks and signatures are given on the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import open_system, say, viewer_named

if TYPE_CHECKING:
    from api.access.accounts import SignedIn
    from api.system import System

product = typer.Typer(no_args_is_help=True, help="Products (文稿).")
AsOption = Annotated[str, typer.Option("--as", help="Account whose rights apply.")]


@product.command("draft")
def draft(
    kind: Annotated[str, typer.Argument(help="daily, weekly, special, monthly, quarterly, …")],
    as_login: AsOption,
    period: Annotated[str, typer.Option(help="2025-10-16, 2025-W42, 2025-09 or 2025Q3, as the kind asks.")] = "",
    item: Annotated[str, typer.Option(help="Item a 专报 is about: id or code.")] = "",
) -> None:
    """Compose a draft of a product."""
    from api.acts import producing
    from dossier.products.wanted import Wanted

    with open_system() as system:
        person = _person(system, as_login)
        ref = producing.item_number(system, person, item) if item else None
        made = producing.compose(system, person, Wanted(kind, period, ref=ref))
        say(f"{made.id}\t{made.kind}\t{made.title}\t{made.state}")


@product.command("list")
def listing(as_login: AsOption, kind: Annotated[str, typer.Option(help="Only this kind.")] = "") -> None:
    """List products that the account may see."""
    from dossier.products.store import list_products

    with open_system() as system, system.database.read() as session:
        for row in list_products(session, _person(system, as_login).viewer, kind):
            say(f"{row.id}\t{row.kind}\t{row.number_text or '-'}\t{row.state}\t{row.title}\t{row.period}")


@product.command("export")
def export(
    number: Annotated[int, typer.Argument(help="Product id.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Word file to write.")],
    as_login: AsOption,
    copy: Annotated[int, typer.Option(help="份号; 1 is the file copy.")] = 1,
) -> None:
    """Write the Word file of an issued copy; counted and logged like a download."""
    from api.acts import producing

    with open_system() as system:
        _, data = producing.export(system, _person(system, as_login), number, copy)
    output.write_bytes(data)
    say(f"{output}: {len(data)} bytes")


@product.command("recalls")
def recalls(as_login: AsOption) -> None:
    """List issued products that cite an item which fell, with everyone who holds a copy."""
    from dossier.products.recall import recalls as find

    with open_system() as system, system.database.read() as session:
        for f in find(session, _person(system, as_login).viewer):
            holders = ",".join(c.recipient for c in f.copies)
            say(f"{f.product.id}\t{f.product.number_text}\t{f.code}\t{f.printed}->{f.state}\t{holders}")


def _person(system: System, login: str) -> SignedIn:
    from api.access.accounts import SignedIn

    return SignedIn(viewer_named(system, login), "", "", {})
