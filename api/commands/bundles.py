"""shiji bundle: documents from the outer zone to the inner one, signed (R-11)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import open_system, say

if TYPE_CHECKING:
    from api.system import System

bundle = typer.Typer(no_args_is_help=True, help="Signed bundles from the outer zone to the inner one.")


@bundle.command("keygen")
def keygen() -> None:
    """Make this zone's signing key; the public half goes into DATA/keys/trusted of the inner zone."""
    from collector.bundle_keys import PUBLIC, make_keys

    with open_system() as system:
        keys = system.settings.data / "keys"
        say(f"{keys / PUBLIC}  {make_keys(keys)}")


@bundle.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="New bundle.")],
    after: Annotated[int, typer.Option(help="Document id to go on from; default: where the last export ended.")] = -1,
) -> None:
    """Write what was collected since the last export to a signed bundle."""
    from api.access import audit
    from collector.bundle_export import export_bundle

    with open_system() as system:
        begin = _last_exported(system) if after < 0 else after
        made = export_bundle(system.database, system.archive, system.settings.data / "keys", file, begin)
        with system.database.write() as session:
            detail = {"file": file.name, "documents": made.documents, "after": begin, "last": made.last}
            audit.record(session, None, "bundle-export", "document", "", detail=detail)
    say(f"{file}: {made.documents} documents, {made.originals} originals, up to {made.last}, key {made.key}")
    if made.more:
        say("There are more: export again.")


@bundle.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Bundles: zip files or folders.")],
) -> None:
    """Import bundles signed by a trusted key; one that is not wholly right is refused."""
    from api.access import audit
    from collector.bundle_import import import_bundle

    with open_system() as system:
        for file in files:
            taken = import_bundle(system.database, system.archive, system.settings.data / "keys", file)
            with system.database.write() as session:
                detail = {"file": file.name, "documents": len(taken.documents), "refused": len(taken.refused)}
                audit.record(session, None, "bundle-import", "document", "", detail=detail)
            say(f"{file}: {len(taken.documents)} new, {taken.known} known, {len(taken.refused)} refused")
            for name, bad in taken.refused:
                say(f"! {name}: {bad.line()}")


def _last_exported(system: System) -> int:
    """Where the last export ended, from the audit log."""
    from sqlalchemy import select

    from storage.tables import AuditEntry

    with system.database.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "bundle-export").order_by(AuditEntry.id.desc()).limit(1)
        ).first()
        return int(entry.detail.get("last", 0)) if entry else 0
