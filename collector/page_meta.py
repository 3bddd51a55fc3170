"""What a page says about itself where readers do not see it: meta tags, JSON-LD, script variables.

Government content systems (TRS, Jpage and others) write ArticleTitle, PubDate and ContentSource; press sites
write Open Graph; WeChat pages keep the only exact time in a script variable (parts/collecting.md §1.2, §1.4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import html

from collector.dates import parse_date


@dataclass
class Meta:
    """Fields as declared; empty strings where nothing was declared."""

    titles: list[str] = field(default_factory=list)  # best first
    document_title: str = ""  # the <title> element
    author: str = ""
    editor: str = ""
    source: str = ""
    published_at: str = ""  # ISO 8601
    government: bool = False  # a government content system declared the fields
    account: str = ""  # the WeChat account that published
    publisher: str = ""  # the organisation that JSON-LD names


_TITLES = ("articletitle", "og:title", "twitter:title", "headline")
_DATES = (
    "pubdate",
    "article:published_time",
    "publishdate",
    "publish_date",
    "publishtime",
    "publish_time",
    "datepublished",
    "og:release_date",
    "og:published_time",
    "weibo:article:create_at",
    "bytedance:published_time",
    "apub:time",
    "pubtime",
    "dc.date",
    "dcterms.created",
    "firstpublishedtime",
    "article:create_at",
    "rnews:datepublished",
)
_SOURCES = ("contentsource", "source", "article:source", "mediaid", "weibo:article:source")
_EDITORS = ("responsibleeditor", "editor", "editorname")
_SITE_WORDS = re.compile(
    r"^\d+$|[.@]|^(?:admin|管理员|未知|无|null|none|编辑部?|转载|原创|本站|本网|系统管理员)$", re.I
)
_TAG = re.compile(r"<[^>]{1,200}>")
_WECHAT_TIME = re.compile(
    r"(?:\bvar\s+|\bwindow\.)ct\s*=\s*[\"'](\d{10})[\"']|\boriCreateTime\s*=\s*[\"'](\d{10})[\"']"
)
_WECHAT_NAME = re.compile(r"\bvar\s+nickname\s*=\s*(?:htmlDecode\()?[\"']([^\"']{1,60})[\"']")
_WECHAT_TITLE = re.compile(r"\bvar\s+msg_title\s*=\s*[\"']([^\"'\n]{2,200})[\"']")
_SCRIPT_TIME = re.compile(
    r"[\"']?(?:publish_?(?:time|date|at)|pub_?(?:time|date)|datePublished|firstPublishTime)[\"']?\s*[:=]\s*"
    r"(?:[\"'](\d{4}[-/年]\d\d?[-/月]\d\d?日?[ T]?\d\d?:\d\d[^\"']{0,12})[\"']|[\"']?(\d{13}|\d{10})\b)",
    re.I,
)


def read_meta(root: html.HtmlElement) -> Meta:
    """Collect the declared fields of a parsed page."""
    declared = _meta_tags(root)
    meta = Meta(document_title=_document_title(root))
    meta.government = "articletitle" in declared or "contentsource" in declared
    linked = _json_ld(root)
    meta.titles = [t for name in _TITLES if (t := _plain(declared.get(name, "")))]
    if linked.get("title"):
        meta.titles.append(_plain(linked["title"]))
    meta.source = next((s for name in _SOURCES if (s := _name(declared.get(name, "")))), "")
    meta.editor = next((s for name in _EDITORS if (s := _name(declared.get(name, "")))), "")
    meta.author = _name(declared.get("author", "")) or _name(linked.get("author", ""))
    meta.publisher = _name(linked.get("publisher", ""))
    dates = [declared.get(name, "") for name in _DATES] + [linked.get("date", "")]
    meta.published_at = next((d for text in dates if text and (d := parse_date(text))), "")
    _read_scripts(root, meta)
    if meta.account and not meta.author:
        meta.author = _wechat_author(root)
    return meta


def _meta_tags(root: html.HtmlElement) -> dict[str, str]:
    """Lower-case name, property or itemprop of each meta tag to its content, first one kept."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for key in ("name", "property", "itemprop"):
                name = (element.get(key) or "").strip().lower()
                if name:
                    found.setdefault(name, content)
    return found


def _document_title(root: html.HtmlElement) -> str:
    """The first <title> text."""
    element = next(root.iter("title"), None)
    return " ".join((element.text_content() if element is not None else "").split())


def _json_ld(root: html.HtmlElement) -> dict[str, str]:
    """headline, datePublished and author of an article described in JSON-LD; broken JSON is passed over."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            data = {
                "datePublished": _loose(script.text, "datePublished") or _loose(script.text, "pubDate"),
                "headline": _loose(script.text, "headline") or _loose(script.text, "title"),
            }
        for item in _objects(data):
            date = item.get("datePublished") or item.get("pubDate")
            title = item.get("headline") or item.get("title")
            if isinstance(date, str) or isinstance(title, str):
                return {
                    "title": title if isinstance(title, str) else "",
                    "date": date if isinstance(date, str) else "",
                    "author": _author(item.get("author")),
                    "publisher": _organisation(item.get("sourceOrganization") or item.get("publisher")),
                }
    return {}


def _loose(text: str | None, key: str) -> str:
    """A string value read from JSON that does not parse."""
    match = re.search(rf'"{key}"\s*:\s*"([^"\n]*)"', text or "")
    return match[1] if match else ""


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The JSON objects of a JSON-LD block: itself, its list members and its @graph."""
    stack = [data]
    for _ in range(200):
        if not stack:
            return
        item = stack.pop(0)
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            yield item
            if "@graph" in item:
                stack.append(item["@graph"])


def _author(value: Any) -> str:
    """A JSON-LD author that is a person; an organisation is the publisher, not the author."""
    if isinstance(value, list):
        return " ".join(filter(None, (_author(v) for v in value[:5])))
    if isinstance(value, dict):
        return str(value.get("name") or "") if value.get("@type") == "Person" else ""
    return value if isinstance(value, str) else ""


def _organisation(value: Any) -> str:
    """The name of a JSON-LD organisation."""
    value = value[0] if isinstance(value, list) and value else value
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else ""


def _read_scripts(root: html.HtmlElement, meta: Meta) -> None:
    """Times and the account name that stand only in scripts."""
    for script in root.iter("script"):
        text = script.text or ""
        if not text or len(text) > 400_000:
            continue
        if not meta.account and (match := _WECHAT_NAME.search(text)):
            meta.account = unescape(match[1]).strip()
        if not meta.titles and (match := _WECHAT_TITLE.search(text)):
            meta.titles.append(unescape(match[1]).strip())
        if match := _WECHAT_TIME.search(text):
            meta.published_at = parse_date(match[1] or match[2]) or meta.published_at
        elif not meta.published_at and (match := _SCRIPT_TIME.search(text)):
            meta.published_at = parse_date(match[1] or match[2]) or ""


def _wechat_author(root: html.HtmlElement) -> str:
    """Who wrote a WeChat article: the first plain field below its headline, before the account's name."""
    for element in root.iter("span"):
        if (element.get("class") or "").split()[-1:] == ["rich_media_meta_text"]:
            return _name(element.text_content())
    return ""


def _plain(text: str) -> str:
    """Declared text without tags and surplus white space."""
    plain = " ".join(_TAG.sub("", text).split())
    # Some systems escape twice: &lt;div&gt;关于…&lt;/div&gt; inside the attribute.
    return " ".join(_TAG.sub("", unescape(plain)).split()) if "&" in plain else plain


def _name(text: str) -> str:
    """A declared person or outlet name, or '' when it is a number, an address or a placeholder."""
    plain = _plain(text).strip("：: ")
    return "" if len(plain) > 40 or _SITE_WORDS.search(plain) else plain
