"""Text as it is stored: free of control characters and of private identifiers (R-12)."""

from __future__ import annotations

import hashlib

from nlp.text import clean, normalise


def clean_text(text: str) -> str:
    """Cleaned and masked text, the only form that is stored, searched or analysed."""
    return clean(text)[0].strip()


def text_digest(text: str) -> str:
    """SHA-256 (hex) of the text without white space, letters and digits narrowed: layout does not matter."""
    return hashlib.sha256("".join(normalise(text).split()).encode("utf-8", "surrogatepass")).hexdigest()
