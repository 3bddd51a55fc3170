"""Acts in the restricted compartment with their audit entries, which hold numbers and no names (R-04, R-44)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.acts.performing import perform
from api.system import System
from dossier.compartment import register
from dossier.compartment.paper import form_content
from dossier.products.paper import product_docx
from dossier.scope import Viewer
from storage.settings import CHINA
from storage.tables import City
from storage.vault import Vault

Made = TypeVar("Made")
Sealed = Callable[[Session, Vault, Viewer], Made]


def sealed(system: System, viewer: Viewer, action: str, kind: str, object_id: str, change: Sealed[Made]) -> Made:
    """Apply a change with the compartment's key and record it; the detail of the entry stays empty."""
    return perform(system, viewer, action, kind, object_id, lambda s, v: change(s, system.vault(s), v))


def moment(system: System) -> datetime:
    """The present moment, on the day that officers see as today."""
    return datetime.combine(system.settings.today(), datetime.now(CHINA).time(), CHINA)


def read_matter(system: System, viewer: Viewer, matter_id: int) -> register.MatterFile:
    """A matter; each reading is recorded by its number."""
    return sealed(
        system, viewer, "matter-read", "matter", str(matter_id),
        lambda s, vault, v: register.matter_file(s, vault, v, matter_id),
    )  # fmt: skip


def matter_word(system: System, viewer: Viewer, matter_id: int) -> tuple[str, bytes]:
    """重要事项报告单 in Word for a named reader: handed out, recorded by its hash, stored nowhere."""
    today = system.settings.today()
    with system.database.write() as session:
        file = register.matter_file(session, system.vault(session), viewer, matter_id)
        content = form_content(file, office_of(session), today)
        data = product_docx(content, f"编号：{file.line.receipt or '待接收'}")
        detail = {"sha256": hashlib.sha256(data).hexdigest()}
        audit.record(session, viewer, "export", "matter", str(matter_id), detail=detail)
    return f"重要事项报告单-{file.line.receipt or matter_id}.docx", data


def office_of(session: Session) -> str:
    """中共澜宁市委组织部."""
    city = session.scalar(select(City.name).limit(1))
    return f"中共{city}委组织部" if city else ""


def year_of(today: date) -> tuple[date, date]:
    """The days a register shows unless asked otherwise: from a year ago to today."""
    return date(today.year - 1, today.month, 1), today
