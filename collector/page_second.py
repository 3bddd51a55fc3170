"""A second, independent reading of the body; where the two agree the reading can be trusted.

Measured (parts/collecting.md §1.1): with agreement >= .95 no page of 132 was badly wrong, below .8 more than
half were, so agreement is a confidence that means something.
"""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter

from lxml import etree, html
from readability import Document

logging.getLogger("readability").setLevel(logging.CRITICAL)

SHINGLE = 4


def shingles(text: str) -> Counter[str]:
    """Multiset of character 4-shingles after NFKC and removal of white space (parts/collecting.md §1)."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if len(plain) < SHINGLE:
        return Counter([plain] if plain else [])
    return Counter(plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1))


def agreement(one: str, other: str) -> float:
    """F1 of the two texts' shingle multisets, 0.0 to 1.0; two empty texts agree fully."""
    a, b = shingles(one), shingles(other)
    if not a and not b:
        return 1.0
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total())


def readability_body(root: html.HtmlElement) -> str:
    """The body text as readability-lxml sees it; '' where it finds none or fails."""
    try:
        cleaned = Document(html.tostring(root, encoding="unicode")).summary(html_partial=True)
        return str(html.fromstring(cleaned).text_content())
    except (etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError, KeyError):
        return ""
    except Exception as error:  # readability wraps whatever went wrong in its own Unparseable
        logging.getLogger(__name__).debug("second reading failed: %s", type(error).__name__)
        return ""
