"""Accounts of the demo city. Only `shiji demo` creates them; no other installation has a default password."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.accounts import add_user
from storage.tables import User

DEMO_PASSWORD = "lanning-demo-2025"  # noqa: S105 shown on the demo's own sign-in page
ACCOUNTS = (
    # login, name, role, section, zones
    ("off1", "苏禾", "OFF", "干部一处", ("Z1", "Z2")),
    ("off1b", "季明川", "OFF", "干部一处", ("Z1", "Z2")),
    ("off2", "贺知秋", "OFF", "干部二处", ("Z3",)),
    ("off3", "阮清和", "OFF", "干部三处", ("Z4",)),
    ("off4", "樊予宁", "OFF", "干部四处", ("Z5",)),
    ("off5", "乔望舒", "OFF", "综合处", ("Z3", "Z4", "Z5")),
    ("head1", "阎澄舟", "HEAD", "干部一处", ("Z1", "Z2")),
    ("head", "钟砚秋", "HEAD", "综合处", ("Z1", "Z2", "Z3", "Z4", "Z5")),
    ("kh", "商以清", "KH", "考核办", ()),
    ("sup", "卫时雨", "SUP", "干部监督处", ()),
    ("dep", "纪云舒", "DEP", "", ()),
    ("min", "向远山", "MIN", "", ()),
    ("unit", "蓝知夏", "UNIT", "D01", ()),  # for UNIT the section is the id of its team
    ("unit2", "丁一舟", "UNIT", "MB05", ()),
    ("sys", "牧云", "SYS", "", ()),
    ("aud", "司徒衡", "AUD", "", ()),
)


# who decided what in the demo's past year: zone -> first officer, second officer, head
DECIDERS = {
    "Z1": ("off1", "off1b", "head1"),
    "Z2": ("off1b", "off1", "head1"),
    "Z3": ("off2", "off5", "head"),
    "Z4": ("off3", "off5", "head"),
    "Z5": ("off4", "off5", "head"),
}


def create(session: Session) -> list[str]:
    """Create the accounts that are missing. Returns all demo logins."""
    for login, name, role, section, zones in ACCOUNTS:
        if session.scalar(select(User.id).where(User.login == login)) is None:
            team = section if role == "UNIT" else None
            add_user(session, login, name, role, DEMO_PASSWORD, list(zones), "" if team else section, team)
    return [row[0] for row in ACCOUNTS]
