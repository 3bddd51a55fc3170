"""A briefing note as an official paper in Word: the same sentences, numbers and annex as on the page (R-40)."""

from __future__ import annotations

from dossier.brief_content import BriefContent, check
from dossier.products.paper import product_docx
from dossier.products.talk_brief import as_product, head_lines

__all__ = ["brief_docx", "head_lines"]


def brief_docx(content: BriefContent, serial: str = "") -> bytes:
    """The Word file. Raises BRIEF-UNCITED or BRIEF-CITATION before anything is written."""
    check(content)
    return product_docx(as_product(content), serial)
