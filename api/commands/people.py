"""Accounts and the audit log from the command line, for whoever administers the machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import open_system, say
from storage.errors import ShijiError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.tables import User

user = typer.Typer(no_args_is_help=True, help="Accounts.")
audit_log = typer.Typer(no_args_is_help=True, help="Audit log.")
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@user.command("add")
def add(
    login: Annotated[str, typer.Argument(help="Letters, digits, - and _.")],
    name: Annotated[str, typer.Option(help="Name shown on pages.")],
    role: Annotated[str, typer.Option(help="OFF, HEAD, KH, SUP, DEP, MIN, UNIT, SYS or AUD.")],
    zones: Annotated[str, typer.Option(help="Zone ids, comma-separated.")] = "",
    section: Annotated[str, typer.Option(help="Section, such as 干部一处.")] = "",
    team: Annotated[str, typer.Option(help="Team a UNIT speaks for, such as D01.")] = "",
    password_stdin: StdinOption = False,
) -> None:
    """Create an account; the password is asked for."""
    from api.access import users

    wanted = [zone.strip() for zone in zones.split(",") if zone.strip()]
    with open_system() as system:
        users.create(system, None, login, name, role, _password(password_stdin), wanted, section, team)
        say(f"{login}: created")


@user.command("list")
def listing() -> None:
    """List accounts."""
    from api.access import users

    with open_system() as system, system.database.read() as session:
        for account in users.accounts_of(session):
            state = "enabled" if account.enabled else "disabled"
            scope = account.team_id or ",".join(account.zones)
            say(f"{account.login}\t{account.name}\t{account.role}\t{scope}\t{state}")


@user.command("password")
def password(login: Annotated[str, typer.Argument(help="Account.")], password_stdin: StdinOption = False) -> None:
    """Give an account a new password and lift its lock."""
    from api.access import users

    with open_system() as system:
        with system.database.read() as session:
            number = _user(session, login).id
        users.set_password(system, None, number, _password(password_stdin))
        say(f"{login}: password changed")


@user.command("disable")
def disable(login: Annotated[str, typer.Argument(help="Account.")]) -> None:
    """Switch an account off and end its sessions."""
    _switch(login, False)


@user.command("enable")
def enable(login: Annotated[str, typer.Argument(help="Account.")]) -> None:
    """Switch an account on again."""
    _switch(login, True)


@audit_log.command("verify")
def verify(
    anchor: Annotated[
        Path | None, typer.Option(help="File with the last hash of the check before; written anew. Keep it elsewhere.")
    ] = None,
) -> None:
    """Recompute the hash chain of the audit log; exit code 1 when it is broken or cut."""
    from api.access.audit import GENESIS, verify_chain

    kept = anchor.read_text(encoding="ascii").strip() if anchor and anchor.exists() else GENESIS
    with open_system() as system, system.database.read() as session:
        result = verify_chain(session, kept)
    if result.broken_at is not None:
        raise ShijiError("AUDIT-BROKEN", f"审计日志第 {result.broken_at} 条与前后不符", "", "请保护现场并报告。")
    if not result.anchored:
        raise ShijiError("AUDIT-CUT", "上次核对时的最后一条已不在审计日志中", str(anchor), "请保护现场并报告。")
    if anchor:
        anchor.write_text(result.head + "\n", encoding="ascii")
    say(f"{result.entries} entries, chain whole")


def _switch(login: str, enabled: bool) -> None:
    from sqlalchemy import delete

    from api.access import audit
    from storage.tables import LoginSession

    with open_system() as system, system.database.write() as session:
        account = _user(session, login)
        account.enabled, account.failures, account.locked_until = enabled, 0, None
        session.execute(delete(LoginSession).where(LoginSession.user_id == account.id))
        act = "user-enable" if enabled else "user-disable"
        audit.record(session, None, act, "user", str(account.id), detail={"login": login, "reason": "命令行"})
    say(f"{login}: {'enabled' if enabled else 'disabled'}")


def _user(session: Session, login: str) -> User:
    from sqlalchemy import select

    from storage.tables import User

    account = session.scalar(select(User).where(User.login == login))
    if account is None:
        raise ShijiError("USER-UNKNOWN", "没有这个账号", login, "")
    return account


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
