"""Tombstones: hashes of what was destroyed, which stop it from coming in again for five years (§2.5, §2.9).

Whole originals and documents are stopped by the collector (collector.keep); passages inside other texts here.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Tombstone

YEARS = 5
ORIGINAL, DOCUMENT, PASSAGE = "original", "document", "passage"
BLOT = "■"
GONE = "（内容已清除）"


def passage_hash(text: str) -> str:
    """SHA-256 of a passage's words alone: spaces, punctuation and full-width forms do not make it another one."""
    return hashlib.sha256(re.sub(r"[\W_]+", "", text).lower().encode()).hexdigest()


def bury(session: Session, kind: str, sha256: str, code: str, today: date) -> None:
    """Keep a hash for five years; one that is there already stays for the longer time."""
    until = five_years_after(today)
    row = session.scalar(select(Tombstone).where(Tombstone.kind == kind, Tombstone.sha256 == sha256))
    if row is None:
        session.add(Tombstone(kind=kind, sha256=sha256, until=until, code=code))
        session.flush()
    else:
        row.until = max(row.until, until)


def buried_passages(session: Session, today: date) -> frozenset[str]:
    """Hashes of passages that may not come in today."""
    query = select(Tombstone.sha256).where(Tombstone.kind == PASSAGE, Tombstone.until >= today)
    return frozenset(session.scalars(query))


def five_years_after(day: date) -> date:
    """The same day five years on; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:
        return day.replace(year=day.year + YEARS, day=28)


def blotted(text: str) -> str:
    """The text with every character but line ends taken out; the length stays, so that offsets stay."""
    return "".join(c if c == "\n" else BLOT for c in text)
