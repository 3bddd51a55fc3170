"""docs/commands.md and docs/settings.md say what the program has: nothing missing, nothing made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer

from api.cli import commands
from storage.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


def tree(command: Any, path: str = "shiji") -> Iterator[tuple[str, Any]]:
    """Every command with its path."""
    children = getattr(command, "commands", {})
    if not children or path == "shiji demo":
        yield path, command
    for name, child in children.items():
        yield from tree(child, f"{path} {name}")


def documented() -> dict[str, str]:
    """Command path -> its line of the page."""
    found = {}
    for line in (DOCS / "commands.md").read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `(shiji(?: [a-z]+)+)", line)
        if match:
            found[match[1]] = line
    return found


def test_every_command_is_documented_with_its_options() -> None:
    page = documented()
    program = dict(tree(typer.main.get_command(commands)))
    assert set(page) == set(program)
    for path, command in program.items():
        options = {o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")} - {"--help"}
        said = set(re.findall(r"`(--[a-z-]+)`", page[path].split("|")[2]))
        assert said == options, path


def test_every_command_has_help() -> None:
    for path, command in tree(typer.main.get_command(commands)):
        assert (command.help or "").strip(), path
        for param in command.params:
            if param.name != "help":
                assert getattr(param, "help", ""), f"{path} {param.name}"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `(SHIJI_[A-Z_]+)` \| (.+?) \|", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE)
    program = {f.metadata["variable"]: f"`{f.default}`" if f.default else "empty" for f in fields(Settings)}
    assert dict(rows) == program
