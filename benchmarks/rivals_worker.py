"""Runs in the rivals' own environment: reads {"html", "url"} a line, writes what every rival made of it a line.

Called by ``benchmarks/rivals.py``; imports nothing of Shiji. Each rival gives title, published_at, source and text,
'' for what it does not offer, and its CPU milliseconds. Rivals are given decoded text: none is blamed for bytes.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

Read = Callable[[str, str], dict[str, Any]]


def trafilatura() -> Read:
    """trafilatura with its metadata, as its documentation calls it."""
    from trafilatura import bare_extraction

    def read(page: str, url: str) -> dict[str, Any]:
        found = bare_extraction(page, url=url or None, with_metadata=True)
        fields = {} if found is None else found if isinstance(found, dict) else found.as_dict()
        return {
            "title": fields.get("title"),
            "published_at": fields.get("date"),
            "source": fields.get("sitename"),
            "text": fields.get("raw_text") or fields.get("text"),
        }

    return read


def newspaper() -> Read:
    """newspaper4k, language zh; pictures are not fetched."""
    from newspaper import Article

    def read(page: str, url: str) -> dict[str, Any]:
        article = Article(url or "http://example.org/", language="zh", fetch_images=False)
        article.download(input_html=page)
        article.parse()
        when = article.publish_date
        return {"title": article.title, "published_at": when.isoformat() if when else "", "text": article.text}

    return read


def readability() -> Read:
    """readability-lxml."""
    from lxml import html
    from readability import Document

    def read(page: str, url: str) -> dict[str, Any]:
        document = Document(page)
        return {"text": html.fromstring(document.summary()).text_content(), "title": document.short_title()}

    return read


def goose() -> Read:
    """goose3 with its Chinese stop words."""
    from goose3 import Goose
    from goose3.text import StopWordsChinese

    reader = Goose({"stopwords_class": StopWordsChinese, "enable_image_fetching": False})

    def read(page: str, url: str) -> dict[str, Any]:
        article = reader.extract(raw_html=page)
        return {"title": article.title, "published_at": article.publish_date, "text": article.cleaned_text}

    return read


def justext() -> Read:
    """jusText without stop words, its advice for languages without spaces, and lengths that suit Chinese.

    Its own lengths (70, 200) are of alphabetic text; these are the best of four pairs tried on these very pages.
    """
    from justext import justext as paragraphs

    def read(page: str, url: str) -> dict[str, Any]:
        kept = paragraphs(page, frozenset(), stopwords_low=0, stopwords_high=0, length_low=30, length_high=80)
        return {"text": "\n".join(p.text for p in kept if not p.is_boilerplate)}

    return read


def boilerpy() -> Read:
    """boilerpy3's ArticleExtractor."""
    from boilerpy3.extractors import ArticleExtractor

    reader = ArticleExtractor(raise_on_failure=False)

    def read(page: str, url: str) -> dict[str, Any]:
        document = reader.get_doc(page)
        return {"title": document.title, "text": document.content}

    return read


def resiliparse() -> Read:
    """resiliparse, main content only."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page, url: {"text": extract_plain_text(page, main_content=True)}


def htmldate() -> Read:
    """htmldate with the hour where it finds one; a date only."""
    from htmldate import find_date

    return lambda page, url: {"published_at": find_date(page, outputformat="%Y-%m-%dT%H:%M", original_date=True) or ""}


RIVALS: dict[str, Callable[[], Read]] = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "goose3": goose,
    "jusText": justext,
    "boilerpy3": boilerpy,
    "resiliparse": resiliparse,
    "htmldate": htmldate,
}


def attempt(read: Read, page: str, url: str) -> dict[str, Any]:
    """One rival on one page; a page it breaks on counts as read to nothing."""
    started = time.process_time()
    try:
        found = read(page, url)
    except Exception as bad:
        found = {"error": type(bad).__name__}
    found = {name: "" if value is None else str(value) for name, value in found.items()}
    return {**found, "ms": (time.process_time() - started) * 1000}


def main() -> int:
    """Answer line by line, so that pages of both sides can be timed in turn."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    out, sys.stdout = sys.stdout, sys.stderr  # some rivals print
    readers: dict[str, Read] = {}
    for name, make in RIVALS.items():
        try:
            readers[name] = make()
            attempt(readers[name], "<html><body><p>试一试，先把词典读进来。</p></body></html>", "")
        except ImportError as bad:
            print(f"{name} left out: {bad}", file=sys.stderr)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {name: attempt(read, asked["html"], asked["url"]) for name, read in readers.items()}
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
