"""Pages, feeds and lists of the three demo sites, each in the manner of its kind of site."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from demo.press_articles import Article

PER_PAGE = 12
CHINA = timezone(timedelta(hours=8))
OUTLETS = {
    "ribao": "澜宁日报", "jbrb": "江北日报", "yaowen": "澜宁发布", "tongbao": "澜宁发布", "wanglan": "望澜融媒",
    "bowan": "泊湾发布",
}  # fmt: skip
COLUMNS = {"yaowen": "要闻", "wanglan": "望澜融媒", "bowan": "泊湾发布", "tongbao": "通知公告"}
WITH_META = ("yaowen", "tongbao")  # columns whose pages carry the government content system's meta tags
REFUSED_LINK = "http://luntan.example/thread-20251.html"  # a host nobody registered
ROBOTS = "User-agent: *\nDisallow: /internal/\n"


@dataclass(frozen=True)
class Resource:
    """One thing a site serves: bytes, their type, and validators."""

    body: bytes
    kind: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass
class Site:
    """A site: path -> resource, and article id -> path."""

    resources: dict[str, Resource] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


def build_sites(articles: list[Article], base: dict[str, str]) -> dict[str, Site]:
    """Sites by name (ribao, jbrb, lanfa). ``base``: site name -> ``http://host:port``."""
    by_source = {source: [a for a in articles if a.source == source] for source in OUTLETS}
    sites = {
        "ribao": _ribao(by_source["ribao"], base["ribao"]),
        "jbrb": _jbrb(by_source["jbrb"], base["jbrb"]),
        "lanfa": _lanfa({source: by_source[source] for source in COLUMNS}),
    }
    for site in sites.values():
        site.resources["/robots.txt"] = _resource(ROBOTS, "text/plain; charset=utf-8", [])
        hidden = "<html><head><title>内部工作提示</title></head><body><p>仅供内部值班使用。</p></body></html>"
        site.resources["/internal/zhiban.html"] = _resource(hidden, "text/html; charset=utf-8", [])
    return sites


# --- 澜宁日报: a newspaper site, RSS 2.0, UTF-8 ---


def _ribao(articles: list[Article], base: str) -> Site:
    site = Site()
    for article in articles:
        path = f"/content/{article.day[:6]}/{article.day[6:]}/content_{article.number}.html"
        site.addresses[article.id] = path
        site.resources[path] = _resource(_ribao_page(article, articles), "text/html; charset=utf-8", [article])
    entries = "".join(_rss_item(article, base + site.addresses[article.id]) for article in articles)
    feed = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>澜宁日报</title>'
        f"<link>{base}/</link><description>澜宁日报新闻</description><language>zh-cn</language>{entries}</channel></rss>"
    )
    site.resources["/rss.xml"] = _resource(feed, "application/rss+xml; charset=utf-8", articles)
    _archive_pages(site, articles, "/list", "澜宁日报")
    return site


def _ribao_page(article: Article, others: list[Article]) -> str:
    signature = f"<span>作者：{escape(article.author)}</span>" if article.author else ""
    editor = f'<p class="editor">责任编辑：{escape(article.editor)}</p>' if article.editor else ""
    origin = escape(article.origin or OUTLETS[article.source])
    links = "".join(f'<li><a href="#">{escape(a.title)}</a></li>' for a in _related(article, others))
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(article.title)}_澜宁日报</title>
<link rel="stylesheet" href="/css/site.css"><script>var channel = "news";</script></head>
<body><div class="topnav"><a href="/">首页</a> <a href="/list/1.html">要闻</a> <a href="/list/1.html">民生</a>
<a href="/list/1.html">经济</a> <a href="/list/1.html">文体</a> <a href="/internal/zhiban.html">值班</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/list/1.html">新闻</a> &gt; 正文</div>
<div class="main"><h1 class="title">{escape(article.title)}</h1>
<div class="info"><span class="time">{_shown(article, "%Y-%m-%d %H:%M", "%Y-%m-%d")}</span>
<span class="source">来源：{origin}</span> {signature}</div>
<div class="article-content" id="zoom">{_paragraphs(article)}</div>{editor}
<div class="related"><h3>相关阅读</h3><ul>{links}</ul></div></div>
<div class="side"><h3>热点推荐</h3><ul><li><a href="/list/1.html">一周新闻回顾</a></li>
<li><a href="/list/1.html">数字报</a></li></ul></div>
<div class="footer">澜宁日报社主办　未经授权不得转载　联系我们</div></body></html>"""


def _rss_item(article: Article, url: str) -> str:
    date = f"<pubDate>{format_datetime(_aware(article))}</pubDate>" if article.published else ""
    return (
        f"<item><title>{escape(article.title)}</title><link>{url}</link><guid>{url}</guid>{date}"
        f"<description>{escape(article.paragraphs[0])}</description></item>"
    )


# --- 江北日报: the provincial paper, Atom, UTF-8, HTML5 ---


def _jbrb(articles: list[Article], base: str) -> Site:
    site = Site()
    for article in articles:
        site.addresses[article.id] = f"/news/{article.number}.html"
        page = _jbrb_page(article, articles)
        site.resources[site.addresses[article.id]] = _resource(page, "text/html; charset=utf-8", [article])
    entries = "".join(_atom_entry(article, base + site.addresses[article.id]) for article in articles)
    feed = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>江北日报·澜宁</title>'
        f"<id>{base}/</id><updated>{_newest(articles).isoformat()}</updated>{entries}</feed>"
    )
    site.resources["/atom.xml"] = _resource(feed, "application/atom+xml; charset=utf-8", articles)
    _archive_pages(site, articles, "/archive", "江北日报")
    return site


def _jbrb_page(article: Article, others: list[Article]) -> str:
    origin = escape(article.origin or OUTLETS[article.source])
    author = escape(article.author.removeprefix("记者").strip())
    writer = f'<span class="writer">作者：{author}</span>' if author else ""
    editor = f'<footer class="art-foot">编辑：{escape(article.editor)}</footer>' if article.editor else ""
    links = "".join(f'<a href="#">{escape(a.title)}</a>' for a in _related(article, others))
    return f"""<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(article.title)} - 江北日报</title></head>
<body><header><nav><a href="/">江北日报</a><a href="/archive/1.html">时政</a><a href="/archive/1.html">市州</a>
<a href="/archive/1.html">评论</a></nav></header>
<article><h1>{escape(article.title)}</h1>
<p class="meta"><time>{_shown(article, "%Y年%m月%d日 %H:%M", "%Y年%m月%d日")}</time>
<span>来源：{origin}</span> {writer}</p>
<section class="body">{_paragraphs(article)}</section>{editor}</article>
<aside><h2>更多市州新闻</h2>{links}</aside>
<footer><p>江北日报社版权所有</p><p>举报电话见本报公告栏</p></footer></body></html>"""


def _atom_entry(article: Article, url: str) -> str:
    date = ""
    if article.published:
        moment = _aware(article).isoformat()
        date = f"<published>{moment}</published><updated>{moment}</updated>"
    return (
        f'<entry><title>{escape(article.title)}</title><link rel="alternate" href="{url}"/><id>{url}</id>{date}'
        f'<summary type="text">{escape(article.paragraphs[0])}</summary></entry>'
    )


# --- 澜宁发布: a government portal, list pages only, GBK ---


def _lanfa(columns: dict[str, list[Article]]) -> Site:
    site = Site()
    for column, articles in columns.items():
        for article in articles:
            path = f"/{column}/{article.day[:6]}/t{article.day}_{article.number}.html"
            site.addresses[article.id] = path
            site.resources[path] = _gbk(_lanfa_page(article, articles), [article])
        pages = [articles[i : i + PER_PAGE] for i in range(0, len(articles), PER_PAGE)] or [[]]
        for number, rows in enumerate(pages):
            name = "index.html" if number == 0 else f"index_{number}.html"
            following = f"index_{number + 1}.html" if number + 1 < len(pages) else ""
            page = _lanfa_list(column, rows, site, following, first=number == 0)
            site.resources[f"/{column}/{name}"] = _gbk(page, rows)
    return site


def _lanfa_page(article: Article, others: list[Article]) -> str:
    origin = escape(article.origin or OUTLETS[article.source])
    meta = ""
    if article.source in WITH_META:
        pub = (
            f'<meta name="PubDate" content="{_shown(article, "%Y-%m-%d %H:%M", "%Y-%m-%d")}">'
            if article.published
            else ""
        )
        meta = (
            f'<meta name="SiteName" content="澜宁发布"><meta name="ArticleTitle" content="{escape(article.title)}">'
            f'{pub}<meta name="ContentSource" content="{origin}">'
            f'<meta name="ColumnName" content="{COLUMNS[article.source]}">'
        )
    time = _shown(article, "%Y-%m-%d %H:%M", "%Y-%m-%d")
    shown = f"发布时间：{time}　" if time else ""
    author = f"　作者：{escape(article.author)}" if article.author else ""
    editor = f"<p align=right>（责编：{escape(article.editor)}）</p>" if article.editor else ""
    links = "".join(f'<tr><td>· <a href="#">{escape(a.title)}</a></td></tr>' for a in _related(article, others))
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(article.title)}--澜宁发布</title>{meta}</head>
<body><table width=1000 align=center><tr><td class=nav><a href="/">网站首页</a> |
<a href="/yaowen/index.html">要闻</a> | <a href="/tongbao/index.html">通知公告</a> |
<a href="/wanglan/index.html">区县</a></td></tr></table>
<div class="location">您现在的位置： <a href="/">首页</a> &gt;&gt; {COLUMNS[article.source]}</div>
<div class="xl_title">{escape(article.title)}</div>
<div class="xl_info">{shown}来源：{origin}{author}　字体：【大 中 小】</div>
<div class="TRS_Editor">{_paragraphs(article, indent="　　")}{editor}</div>
<table class="xg"><tr><td><b>相关信息</b></td></tr>{links}</table>
<div class="bottom">主办：澜宁市人民政府办公室　承办：澜宁发布编辑部<br>网站标识码：0000000000</div></body></html>"""


def _lanfa_list(column: str, rows: list[Article], site: Site, following: str, *, first: bool) -> str:
    lines = []
    for article in rows:
        href = "." + site.addresses[article.id].removeprefix(f"/{column}")
        shown = article.title if len(article.title) <= 26 else article.title[:25] + "…"
        date = f"<span>{article.published:%Y-%m-%d}</span>" if article.published else ""
        lines.append(f'<li><a href="{href}" title="{escape(article.title)}">{escape(shown)}</a>{date}</li>')
    if first and column == "yaowen":
        lines.append('<li><a href="/internal/zhiban.html">政务值班工作提示</a></li>')
    if first and column == "wanglan":
        lines.append(f'<li><a href="{REFUSED_LINK}">市民论坛：大家都来说说身边的变化</a></li>')
    following = f'<a class="next" href="{following}">下一页</a>' if following else ""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{COLUMNS[column]}--澜宁发布</title></head>
<body><table width=1000 align=center><tr><td class=nav><a href="/">网站首页</a> |
<a href="/yaowen/index.html">要闻</a> | <a href="/tongbao/index.html">通知公告</a></td></tr></table>
<div class="list_title">{COLUMNS[column]}</div><ul class="news_list">{"".join(lines)}</ul>
<div class="page"><a href="index.html">首页</a> {following}</div>
<div class="bottom">主办：澜宁市人民政府办公室</div></body></html>"""


# --- shared ---


def _archive_pages(site: Site, articles: list[Article], folder: str, name: str) -> None:
    """List pages of everything a feed site has printed."""
    pages = [articles[i : i + PER_PAGE] for i in range(0, len(articles), PER_PAGE)] or [[]]
    for number, rows in enumerate(pages, 1):
        lines = "".join(
            f'<li><a href="{site.addresses[a.id]}">{escape(a.title)}</a>'
            f" <em>{_shown(a, '%Y-%m-%d', '%Y-%m-%d')}</em></li>"
            for a in rows
        )
        following = f'<a class="next" href="{folder}/{number + 1}.html">下一页</a>' if number < len(pages) else ""
        page = (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body>'
            f'<ul class="archive">{lines}</ul><div class="pager">{following}</div></body></html>'
        )
        site.resources[f"{folder}/{number}.html"] = _resource(page, "text/html; charset=utf-8", rows)


def _paragraphs(article: Article, indent: str = "") -> str:
    return "".join(f"<p>{indent}{escape(text)}</p>\n" for text in article.paragraphs)


def _related(article: Article, others: list[Article]) -> list[Article]:
    """Three neighbours in print, as sites show beside an article."""
    place = others.index(article)
    return [a for a in others[max(0, place - 2) : place + 3] if a is not article][:3]


def _shown(article: Article, with_hour: str, day_only: str) -> str:
    if article.published is None:
        return ""
    return article.published.strftime(with_hour if article.minute else day_only)


def _aware(article: Article) -> datetime:
    return (article.published or datetime(2000, 1, 1)).replace(tzinfo=CHINA)


def _newest(articles: Iterable[Article]) -> datetime:
    return max((_aware(a) for a in articles), default=datetime(2024, 1, 1, tzinfo=CHINA))


def _resource(text: str, kind: str, articles: list[Article]) -> Resource:
    return Resource(text.encode("utf-8"), kind, _newest(articles))


def _gbk(text: str, articles: list[Article]) -> Resource:
    """GBK bytes under the name gb2312, as such portals send them; rarer characters as references."""
    return Resource(text.encode("gbk", "xmlcharrefreplace"), "text/html", _newest(articles))
