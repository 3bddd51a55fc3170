"""shiji sources: the register in and out as files, and a preview of what its sources would bring in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.data import file_bytes
from api.commands.opening import open_system, say
from storage.errors import ShijiError

sources = typer.Typer(no_args_is_help=True, help="Register of sources.")


@sources.command("import")
def import_sources(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or OPML register of sources.")],
) -> None:
    """Register or update sources; nothing that is not registered is ever fetched."""
    from api.acts import registering

    content = file_bytes(file)
    with open_system() as system:
        with system.database.read() as session:
            for change in registering.plan(session, file.name, content):
                say(f"{change.what} {change.id} {change.name}")
                for name, before, after in change.fields:
                    say(f"    {name}: {before} -> {after}")
        ids = registering.import_register(system, None, file.name, content)
        say(f"{len(ids)} sources registered: {', '.join(ids)}")


@sources.command("export")
def export_sources(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file; .opml for OPML, else YAML.")],
) -> None:
    """Write the whole register to a file that can be imported again."""
    from api.acts import registering

    with open_system() as system:
        form = "opml" if file.suffix.lower() == ".opml" else "yaml"
        text, _ = registering.export_register(system, None, form)
    file.write_text(text, encoding="utf-8")
    say(str(file))


@sources.command("preview")
def preview_sources(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or OPML register of sources.")],
    only: Annotated[str, typer.Option("--id", help="Only the source with this id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a source.")] = False,
) -> None:
    """Show what the sources of a file would bring in, and how the first article reads; nothing is kept."""
    import json

    from api.acts import registering
    from collector.registry_files import read_register

    rows = [row for row in read_register(file.name, file_bytes(file))["sources"] if not only or row.get("id") == only]
    if not rows:
        raise ShijiError("SOURCE-UNKNOWN", "文件中没有该来源", only or file.name, "请核对编号。")
    with open_system() as system:
        for row in rows:
            try:
                shown = registering.try_out(system, None, row).as_dict()
            except ShijiError as bad:
                shown = {"found": 0, "wanted": 0, "items": [], "first": None, "errors": [bad.as_dict()]}
            if as_json:
                say(json.dumps({"id": row.get("id"), **shown}, ensure_ascii=False))
                continue
            say(f"{row.get('id')}: {shown['found']} found, {shown['wanted']} would come in")
            for item in shown["items"]:
                say(f"  {item['published_at'] or '-':25.25} {item['title'] or item['url']}  [{item['fate']}]")
            if first := shown["first"]:
                length = len(first["text"])
                say(f"  first: {first['title']} / {first['published_at']} / {first['origin']} / {length} 字")
            for error in shown["errors"]:
                say(f"  ! [{error['code']}] {error['message']}")
