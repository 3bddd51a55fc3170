"""A second, independent reading of the body; where the two agree the reading can be trusted.

The first reader looks for the run of lines that is worth most and knows the words of page furniture. The second
one knows no words: it is the scoring of Readability (commas and length of a paragraph count for the block around it,
half for the one above; names of blocks weigh; links take away), on the page's lines instead of its elements, which
costs a millisecond where readability-lxml takes longer than all the rest. How agreement and quality go together
was measured again for it: ``benchmarks/extraction.py`` prints the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import numpy as np
import numpy.typing as npt

from collector.page_furniture import SITE
from collector.page_tree import HEADINGS, Line, Span, Tree

SHINGLE = 4
SHORT = 600  # characters
_SENTENCE = re.compile(r"[。！？；!?]")
_COMMA = re.compile(r"[，,、；。]")
_GOOD = re.compile(r"article|body|content|entry|hentry|main|page|pagination|post|text|blog|story|zoom|detail|editor")
_BAD = re.compile(
    r"combx|comment|com-|contact|foot|footnote|masthead|media|meta|outbrain|promo|related|scroll|shoutbox|sidebar"
    r"|sponsor|shopping|tags|tool|widget|banner|nav|share|recommend|copyright|hot|rank|link|login"
)
_LEAF = frozenset({"p", "pre", "td", "li", "section", "blockquote", "dd", "dt", "center", "figcaption"}) | HEADINGS
_TAG_WEIGHT = {
    "div": 5.0,
    "article": 10.0,
    "pre": 3.0,
    "td": 3.0,
    "blockquote": 3.0,
    "form": -3.0,
    "ul": -3.0,
    "ol": -3.0,
}
_NAME_WEIGHT = 25.0
_LEAST = 25  # characters: a shorter paragraph scores nothing


def shingles(text: str) -> npt.NDArray[np.uint64]:
    """Hashes of the character 4-shingles after NFKC and removal of white space (parts/collecting.md §1), repeats kept.

    A text of fewer characters is one shingle, an empty one none.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    count = max(min(len(codes), 1), len(codes) - SHINGLE + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for start in range(min(SHINGLE, len(codes))):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[start : start + count]
    return mixed


def agreement(one: str, other: str) -> float:
    """F1 of the two texts' shingle multisets, 0.0 to 1.0; two empty texts agree fully."""
    a, b = shingles(one), shingles(other)
    if not len(a) and not len(b):
        return 1.0
    kinds_a, counts_a = np.unique(a, return_counts=True)
    kinds_b, counts_b = np.unique(b, return_counts=True)
    _, at_a, at_b = np.intersect1d(kinds_a, kinds_b, assume_unique=True, return_indices=True)
    return float(2 * np.minimum(counts_a[at_a], counts_b[at_b]).sum() / (len(a) + len(b)))


def confidence_of(text: str, tree: Tree) -> float:
    """How far the second reader agrees that ``text`` is the body of the page, 0.0 to 1.0.

    The second reader wants length: around a short article it takes the whole page with its header and footer
    lines, which says nothing against the article. Short bodies are therefore also compared sentence line by
    sentence line; what either reader holds beyond that counts as before.
    """
    lines = second_reading(tree)
    whole = agreement(text, "\n".join(line.text for line in lines))
    if len(text) > SHORT:
        return whole
    own = _sentences(text.split("\n"))
    other = _sentences([line.text for line in lines if not SITE.search(line.text)])
    return max(whole, agreement(own, other)) if own else whole


def _sentences(lines: list[str]) -> str:
    """The lines that hold a sentence; headlines and dates hold none."""
    return "\n".join(line for line in lines if _SENTENCE.search(line))


def second_reading(tree: Tree) -> list[Line]:
    """The lines that the second reader takes for the body; empty where no block scores."""
    scores = _scores(tree)
    if not scores:
        return []
    best = max(scores, key=lambda index: scores[index])
    least = max(10.0, 0.2 * scores[best])
    kept = [best]
    parent = tree.spans[best].parent
    for index, span in enumerate(tree.spans):
        if index == best or span.parent != parent:
            continue
        lines = tree.lines[span.first : span.last]
        if scores.get(index, 0.0) >= least or (span.tag == "p" and _is_prose(lines)):
            kept.append(index)
    return [line for index in sorted(kept, key=lambda i: tree.spans[i].first) for line in _cleaned(tree, index)]


def _scores(tree: Tree) -> dict[int, float]:
    """Block index -> score, for the blocks around paragraphs."""
    sizes: Counter[int] = Counter()
    commas: Counter[int] = Counter()
    for line in tree.lines:  # the lines of one block, set apart by <br>, are one paragraph
        if line.block >= 0:
            sizes[line.block] += line.size
            commas[line.block] += len(_COMMA.findall(line.text))
    scores: dict[int, float] = {}
    full = {span.parent for span in tree.spans}  # blocks that hold blocks; any other is a paragraph
    for block, size in sizes.items():
        if size < _LEAST:
            continue
        points = 1 + commas[block] + min(size / 100, 3.0)
        leaf = tree.spans[block].tag in _LEAF or block not in full
        around = _outer(tree, block) if leaf else block
        above = _outer(tree, around) if around >= 0 else -1
        for index, share in ((around, 1.0), (above, 0.5)):
            if index >= 0:
                scores[index] = scores.get(index, _weight(tree.spans[index])) + share * points
    return {index: score * (1 - _link_density(tree, tree.spans[index])) for index, score in scores.items()}


def _outer(tree: Tree, block: int) -> int:
    """The nearest block around one that holds more lines than it: wrappers of one block count once."""
    here = tree.spans[block]
    outer = here.parent
    while outer >= 0 and (tree.spans[outer].first, tree.spans[outer].last) == (here.first, here.last):
        outer = tree.spans[outer].parent
    return outer if outer >= 0 else here.parent


def _weight(span: Span) -> float:
    """What a block's tag and names promise."""
    weight = _TAG_WEIGHT.get(span.tag, -5.0 if span.tag in HEADINGS or span.tag == "th" else 0.0)
    if _BAD.search(span.hint):
        weight -= _NAME_WEIGHT
    if _GOOD.search(span.hint):
        weight += _NAME_WEIGHT
    return weight


def _link_density(tree: Tree, span: Span) -> float:
    lines = tree.lines[span.first : span.last]
    return sum(line.linked for line in lines) / max(1, sum(line.size for line in lines))


def _is_prose(lines: list[Line]) -> bool:
    size, linked = sum(line.size for line in lines), sum(line.linked for line in lines)
    return (size > 80 and linked < 0.25 * size) or (size > 0 and not linked and lines[-1].text.endswith("。"))


def _cleaned(tree: Tree, index: int) -> list[Line]:
    """The lines of a block without the smaller inner blocks that are lists of links, forms or named as furniture."""
    whole = tree.spans[index]
    total = sum(line.size for line in tree.lines[whole.first : whole.last])
    dropped: set[int] = set()
    for span in tree.spans[index + 1 :]:
        if span.first >= whole.last:
            break
        lines = tree.lines[span.first : span.last]
        if (
            not lines
            or span.tag in _LEAF
            or span.last > whole.last
            or 2 * sum(line.size for line in lines) > total  # most of it is no part of it
        ):
            continue
        weight, density = _weight(span), _link_density(tree, span)
        few = sum(len(_COMMA.findall(line.text)) for line in lines) < 10
        if weight < -_NAME_WEIGHT / 2 or (few and density > (0.2 if weight < _NAME_WEIGHT else 0.5)):
            dropped.update(range(span.first, span.last))
    return [tree.lines[i] for i in range(whole.first, whole.last) if i not in dropped]
