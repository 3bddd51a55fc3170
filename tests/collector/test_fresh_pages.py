"""Pages in twenty layouts, written without looking at how the reader works: every field must be right.

When one fails, mend what is general about it; nothing in the reader may know a site.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from collector.page import Page, extract_page

FOLDER = Path(__file__).parent / "fresh"
ADDRESS = "http://www.langning.example/a/1.html"
PAGES = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))


def read_page(expected: dict[str, Any]) -> Page:
    return extract_page((FOLDER / expected["file"]).read_bytes(), ADDRESS, expected.get("header"))


@pytest.mark.parametrize("expected", PAGES, ids=[page["file"] for page in PAGES])
def test_every_field_of_a_fresh_page(expected: dict[str, Any]) -> None:
    read = read_page(expected)
    assert read.title == expected["title"]
    shown, time = read.published_at or "", expected["time"]
    assert shown.startswith(time)
    assert shown[len(time) :][:1] in (("+", ":") if "T" in time else ("",))  # a day stays a day
    for name in ("source", "author", "editor"):
        assert getattr(read, name) == expected.get(name, "")
    assert read.text.split("\n") == expected["body"]
    assert [picture.caption for picture in read.images] == expected.get("images", [])
    assert [name for _, name in read.attachments] == expected.get("files", [])


def test_two_readings_agree_but_where_other_news_outweighs_the_article() -> None:
    assert [page["file"] for page in PAGES if "PAGE-DOUBTFUL" in read_page(page).warnings] == ["short.html"]


def test_links_count_from_the_base_that_a_page_names() -> None:
    weblog = next(page for page in PAGES if page["file"] == "weblog.html")
    assert [url for url, _ in read_page(weblog).attachments] == ["https://jt.langning.example/wp/files/map.pdf"]


def test_a_digest_whose_entries_are_the_article_stays_whole() -> None:
    told = [f"第{n}条摘要说，这一周澜宁市又完成了{n}件民生实事，群众评价很好。" for n in range(1, 6)]
    entries = "".join(f"<div><a href='/d/'>要闻摘要的标题写在这里</a><p>{text}</p></div>" for text in told)
    html = f"<html><title>一周要闻</title><body><h1>一周要闻</h1><div>{entries}</div></body></html>"
    read = extract_page(html.encode())
    assert all(text in read.text for text in told)
