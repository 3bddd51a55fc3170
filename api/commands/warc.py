"""shiji warc: the responses the collector archived."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.opening import open_system, say
from storage.errors import ShijiError

warc = typer.Typer(no_args_is_help=True, help="Archived responses of sources.")


@warc.command("verify")
def verify(source: Annotated[str, typer.Option(help="Only this source.")] = "") -> None:
    """Read all archived responses and compare their digests; exit code 1 where a file is damaged."""
    from collector.warc_check import check_file

    with open_system() as system:
        checks = [check_file(system.warc, path) for path in system.warc.files(source)]
    for check in checks:
        if check.rest or not check.sound:
            kind = "torn tail" if check.torn else "damaged" if check.rest else "digests"
            say(f"! {check.name}: {kind}, {check.wrong} wrong, {check.rest} bytes left over")
    counts = f"{sum(c.responses for c in checks)} responses, {sum(c.revisits for c in checks)} revisits"
    say(f"{len(checks)} files, {counts}, {sum(c.wrong for c in checks)} digests wrong")
    damaged = [check.name for check in checks if not check.sound]
    if damaged:
        raise ShijiError(
            "WARC-DAMAGED", f"{len(damaged)} 个存档文件已损坏", damaged[0], "请从数据目录的备份恢复该文件。"
        )
