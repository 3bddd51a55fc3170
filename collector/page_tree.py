"""An HTML page as lines of text, each knowing where in the tree it stands.

The rest of the page reader works on this flat list: a block element (a ``Span``) is a range of lines, so
"which element holds the article" becomes "which range of lines".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

# Elements that do not end a line; everything else that holds text is a block.
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "map",
        "head",
        "link",
        "meta",
        "title",
        "video",
        "audio",
        "source",
        "datalist",
        "dialog",
        "math",
        "frameset",
    ]
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>", re.I)
_SPACE = re.compile(r"[ \t\r\f\v\xa0\u3000]+")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f]")
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo", "data-url", "_src", "src")
MAX_LINES = 60_000


@dataclass
class Line:
    """One visual line: its text, how much of it is link text, and the block element it stands in."""

    text: str
    size: int  # characters without white space
    linked: int  # of these, characters inside <a>
    block: int  # index into ``Tree.spans``
    row: int  # index of the table row's span, -1 outside tables
    links: list[tuple[str, str]] = field(default_factory=list)  # (href as written, anchor text)


@dataclass(frozen=True)
class Image:
    """An <img>: the index of the line that follows it, its address as written, its alt or title."""

    line: int
    href: str
    label: str
    width: int = 0  # pixels as declared, 0 where not
    height: int = 0


@dataclass
class Span:
    """A block element as the half-open range of lines [first, last) it covers."""

    tag: str
    hint: str  # id and class, lower case
    parent: int
    first: int
    last: int = 0


@dataclass
class Tree:
    """A parsed page: the lxml root, its lines and its block elements in document order."""

    root: html.HtmlElement
    lines: list[Line]
    spans: list[Span]
    images: list[Image] = field(default_factory=list)
    times: list[tuple[int, str, str]] = field(default_factory=list)  # <time>: its line, what it shows, its datetime


def parse_html(text: str) -> html.HtmlElement | None:
    """Parse decoded HTML with lxml; None where there is no element at all."""
    text = _INVISIBLE.sub("", _XML_DECLARATION.sub("", text))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root


def build_tree(root: html.HtmlElement) -> Tree:
    """Walk the page once and return its lines and block elements, unseen parts left out."""
    body = root.find(".//body")
    start = body if body is not None else root
    return _Walk(root).run(start)


class _Walk:
    """The state of one walk: the open line, the open blocks, the open link."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.tree = Tree(root, [], [])
        self.pieces: list[str] = []
        self.linked = 0
        self.links: list[tuple[str, str]] = []
        self.open: list[int] = []
        self.rows: list[int] = [-1]
        self.anchor: list[str] | None = None
        self.kept_breaks = 0  # open <pre> elements, in which a line break ends a line

    def run(self, start: html.HtmlElement) -> Tree:
        """Visit every element under ``start``; iterative, so that deep nesting cannot exhaust the stack."""
        walker = etree.iterwalk(start, events=("start", "end"))
        skipping: object = None
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if not isinstance(tag, str) or tag in SKIPPED or _hidden(element):
                    skipping = element
                    walker.skip_subtree()
                    continue
                self._enter(element, tag)
            else:
                if element is skipping:
                    skipping = None
                elif isinstance(tag, str) and tag not in SKIPPED:
                    self._leave(element, tag)
                if element is not start and element.tail:
                    self._add(element.tail)
            if len(self.tree.lines) >= MAX_LINES:
                break
        self._flush()
        for index in self.open:
            self.tree.spans[index].last = len(self.tree.lines)
        return self.tree

    def _enter(self, element: html.HtmlElement, tag: str) -> None:
        if tag == "a":
            self.anchor = []
        elif tag == "img":
            self._image(element)
        elif tag == "br" or tag == "hr":
            self._flush()
        elif tag not in INLINE:
            self._flush()
            hint = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
            parent = self.open[-1] if self.open else -1
            self.tree.spans.append(Span(tag, hint, parent, len(self.tree.lines)))
            self.open.append(len(self.tree.spans) - 1)
            self.kept_breaks += tag == "pre"
            if tag == "tr":
                self.rows.append(self.open[-1])
        if element.text:
            self._add(element.text)

    def _leave(self, element: html.HtmlElement, tag: str) -> None:
        if tag == "a":
            href = (element.get("href") or "").strip()
            if href and self.anchor is not None:
                label = "".join(self.anchor).strip() or (element.get("title") or "").strip()
                self.links.append((href, _SPACE.sub(" ", label)))
            self.anchor = None
        elif tag in {"br", "hr"}:
            pass
        elif tag == "time" and element.get("datetime"):
            shown = _SPACE.sub(" ", (element.text or "").replace("\n", " ")).strip()
            self.tree.times.append((len(self.tree.lines), shown, element.get("datetime") or ""))
        elif tag not in INLINE:
            self._flush()
            self.tree.spans[self.open.pop()].last = len(self.tree.lines)
            self.kept_breaks -= tag == "pre"
            if tag == "tr":
                self.rows.pop()

    def _image(self, element: html.HtmlElement) -> None:
        """Note a picture; sites that load pictures late keep the address in another attribute."""
        href = next((v for name in _SOURCES if (v := (element.get(name) or "").strip())), "")
        if href and not href.startswith("data:"):
            label = element.get("alt") or element.get("title") or ""
            line = len(self.tree.lines) + bool("".join(self.pieces).strip())
            self.tree.images.append(Image(line, href, label, _pixels(element, "width"), _pixels(element, "height")))

    def _add(self, text: str) -> None:
        """Append inline text; a newline in the source is only white space."""
        if self.kept_breaks and "\n" in text:
            for piece in text.split("\n"):
                self.pieces.append(piece)
                self._flush()
            return
        self.pieces.append(text)
        if self.anchor is not None:
            self.anchor.append(text)
            self.linked += len("".join(text.split()))

    def _flush(self) -> None:
        """End the current line."""
        text = _SPACE.sub(" ", "".join(self.pieces).replace("\n", " ")).strip()
        if text or self.links:
            line = Line(
                text,
                len(text.replace(" ", "")),
                self.linked,
                self.open[-1] if self.open else -1,
                self.rows[-1],
                self.links,
            )
            self.tree.lines.append(line)
        self.pieces, self.linked, self.links = [], 0, []


def _pixels(element: html.HtmlElement, name: str) -> int:
    """A declared width or height in pixels, 0 where none is."""
    match = _PIXELS.match(element.get(name) or "")
    return int(match[1]) if match else 0


def _hidden(element: html.HtmlElement) -> bool:
    """Not shown by the page itself. ``visibility`` is left alone: WeChat pages reveal the body that way."""
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None and element.tag != "body"
