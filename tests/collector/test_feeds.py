"""Feeds: good ones, broken ones, and what is none."""

from __future__ import annotations

import pytest

from collector.errors import CollectorError
from collector.feeds import parse_feed

BASE = "http://news.langning.example/feed.xml"
ITEMS = (
    "<item><title>甲区推进老旧小区改造 &amp; 提速</title><link>/a/1.html</link><pubDate>2022年3月1日 08:30</pubDate>"
    "<description>&lt;p&gt;全年改造&lt;b&gt;12&lt;/b&gt;个&lt;/p&gt;</description></item>"
    "<item><title>乙县开展帮办代办</title><link>http://news.langning.example/a/2.html</link>"
    "<pubDate>Tue, 01 Mar 2022 08:30:00 CST</pubDate></item>"
)


def rss(items: str = ITEMS, encoding: str = "utf-8") -> str:
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0">'
    return f"{head}<channel><title>澜宁要闻</title>{items}</channel></rss>"


@pytest.mark.parametrize("declared", ["utf-8", "gb2312"])
@pytest.mark.parametrize("written", ["utf-8", "gb18030"])
def test_declared_and_real_encoding_may_differ(declared: str, written: str) -> None:
    items = parse_feed(rss(encoding=declared).encode(written), BASE)
    assert [i.url for i in items] == [
        "http://news.langning.example/a/1.html",
        "http://news.langning.example/a/2.html",
    ]
    assert items[0].title == "甲区推进老旧小区改造 & 提速"
    assert items[0].published_at == "2022-03-01T08:30+08:00"
    assert "全年改造" in items[0].summary
    assert "<" not in items[0].summary
    assert items[1].published_at == "2022-03-01T08:30:00+08:00"


def test_atom_and_rdf() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>丙</title>'
        '<link href="http://x.example/3"/><updated>2022-03-01T08:30:00+08:00</updated></entry></feed>'
    )
    assert parse_feed(atom.encode(), BASE)[0].published_at == "2022-03-01T08:30:00+08:00"
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="http://x.example/4"><title>丁</title>'
        "<link>http://x.example/4</link><dc:date>2022-03-01 08:30:00</dc:date></item></rdf:RDF>"
    )
    assert parse_feed(rdf.encode(), BASE)[0].published_at == "2022-03-01T08:30:00+08:00"


def test_broken_feeds_give_what_can_be_read() -> None:
    assert len(parse_feed(b"\xef\xbb\xbf\n" + rss().encode(), BASE)) == 2
    assert len(parse_feed(rss().replace("&amp;", "&").encode(), BASE)) == 2
    assert len(parse_feed(rss().replace("乙县", "乙\x0b县").encode(), BASE)) == 2
    assert parse_feed(rss().encode()[:-60], BASE)[0].title.startswith("甲区")


def test_an_empty_feed_is_no_error() -> None:
    assert parse_feed(rss("").encode(), BASE) == []


@pytest.mark.parametrize("data", [b"", b"<html><body>404</body></html>", "系统维护中".encode()])
def test_what_is_no_feed_says_so(data: bytes) -> None:
    with pytest.raises(CollectorError) as caught:
        parse_feed(data, BASE)
    assert caught.value.code == "FEED-NOT-A-FEED"


def test_entities_are_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        + rss("<item><title>&b;</title><link>http://x.example/5</link></item>").split("?>", 1)[1]
    )
    assert "aaaa" not in parse_feed(bomb.encode(), BASE)[0].title


def test_only_web_addresses() -> None:
    items = "<item><title>戊</title><link>javascript:alert(1)</link></item><item><title>己</title></item>"
    assert parse_feed(rss(items).encode(), BASE) == []
