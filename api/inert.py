"""A captured page made inert for looking at: its words, tables and own styles, and nothing that acts or loads.

This is the second wall: the answer that carries it is sandboxed by its headers besides (api/pages/captured.py).
"""

from __future__ import annotations

import re

from lxml import etree, html

_GONE = {"script", "iframe", "frame", "svg", "math", "template"}
# only what they hold stays: the parser puts what follows an unclosed one into it
_OPENED = {
    "noscript", "noframes", "frameset", "form", "button", "picture", "map", "fencedframe", "object", "embed", "applet",
    "base", "link", "meta", "audio", "video", "source", "track", "param", "canvas", "dialog", "portal", "marquee",
    "bgsound",
}  # fmt: skip
_KEPT = {
    "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color", "colspan", "dir", "face",
    "height", "id", "lang", "rowspan", "size", "start", "style", "title", "valign", "width",
}  # fmt: skip
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z", re.I)
_LOADS = re.compile(r"@import[^;]*;?|(?:url|image|image-set|src)\s*\((?!\s*[\"']?data:)[^)]*\)", re.I)
_HEAD = '<!DOCTYPE html>\n<meta charset="utf-8">\n'
_EMPTY = "<p>（网页没有内容）</p>"


def inert_page(text: str) -> str:
    """The page as HTML text (to be sent as UTF-8) without scripts, handlers, forms, links and foreign loads."""
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return _HEAD + _EMPTY
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for element in list(root.iterdescendants()):
        tag = str(element.tag)
        if tag in _GONE or ":" in tag:
            element.drop_tree()
        elif tag in _OPENED:
            element.drop_tag()
        else:
            _quieten(element)
    _quieten(root)
    return _HEAD + str(html.tostring(root, encoding="unicode", method="html"))


def _quieten(element: html.HtmlElement) -> None:
    """Leave the attributes that only shape; a link and a missing picture say in words what they were."""
    address, picture = element.get("href", ""), element.get("src", "")
    for name in list(element.attrib):
        if str(name).lower() not in _KEPT:
            del element.attrib[name]
    if element.get("style"):
        element.set("style", _LOADS.sub("none", element.get("style", "")))
    if element.tag == "style":
        element.text = _LOADS.sub("none", element.text or "").replace("<", "")
    elif element.tag == "a" and address:
        element.set("title", f"链接：{address[:300]}")
    elif element.tag == "img":
        if _PICTURE.match(picture):
            element.set("src", picture)
        elif not element.get("alt"):
            element.set("alt", "（图片未随网页保存）")
