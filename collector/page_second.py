"""A second, independent reading of the body; where the two agree the reading can be trusted.

Measured (parts/collecting.md §1.1): with agreement >= .95 no page of 132 was badly wrong, below .8 more than
half were, so agreement is a confidence that means something.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter

from lxml import etree, html
from readability import Document

from collector.page_furniture import SITE
from collector.page_tree import build_tree

logging.getLogger("readability").setLevel(logging.CRITICAL)

SHINGLE = 4
SHORT = 600  # characters
_SENTENCE = re.compile(r"[。！？；!?]")


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


def confidence_of(text: str, root: html.HtmlElement) -> float:
    """How far the second reader agrees that ``text`` is the body of the page, 0.0 to 1.0.

    The second reader wants length: around a short article it takes the whole page with its header and footer
    lines, which says nothing against the article. Short bodies are therefore also compared sentence line by
    sentence line; what either reader holds beyond that counts as before.
    """
    summary = readability_summary(root)
    if summary is None:
        return agreement(text, "")
    whole = agreement(text, str(summary.text_content()))
    if len(text) > SHORT:
        return whole
    own = _sentences(text.split("\n"))
    other = _sentences([line.text for line in build_tree(summary).lines if not SITE.search(line.text)])
    return max(whole, agreement(own, other)) if own else whole


def _sentences(lines: list[str]) -> str:
    """The lines that hold a sentence; headlines and dates hold none."""
    return "\n".join(line for line in lines if _SENTENCE.search(line))


def readability_summary(root: html.HtmlElement) -> html.HtmlElement | None:
    """The body as readability-lxml sees it; None where it finds none or fails."""
    try:
        cleaned = Document(html.tostring(root, encoding="unicode")).summary(html_partial=True)
        return html.fromstring(cleaned)
    except (etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError, KeyError):
        return None
    except Exception as error:  # readability wraps whatever went wrong in its own Unparseable
        logging.getLogger(__name__).debug("second reading failed: %s", type(error).__name__)
        return None
