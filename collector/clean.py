"""Text as it is stored: free of control characters and of private identifiers (R-12)."""

from __future__ import annotations

import hashlib

from nlp.scrub import scrub
from nlp.text import clean, normalise


def clean_text(text: str) -> str:
    """Text without control characters, zero-width characters and carriage returns."""
    return clean(text)[0].strip()


def masked(text: str, keep_names: frozenset[str]) -> str:
    """The form that is stored, searched and analysed: identifiers, home addresses and citizens' names masked,
    character for character; names in ``keep_names`` (the roster's) stay."""
    return scrub(text, keep_names).text


def text_digest(text: str) -> str:
    """SHA-256 (hex) of the text without white space, letters and digits narrowed: layout does not matter.

    Taken before masking, so that it does not change with the roster.
    """
    return hashlib.sha256("".join(normalise(text).split()).encode("utf-8", "surrogatepass")).hexdigest()
