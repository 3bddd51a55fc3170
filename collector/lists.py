"""List pages (栏目页): article links by a selector that a person wrote, and a suggestion for that selector.

The suggestion is only a suggestion: heuristics found the right list on half of the pages tried
(parts/collecting.md §1.4), so the source form shows it with a preview and a person decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from collector.dates import parse_date
from collector.errors import CollectorError
from collector.page_furniture import EDGE, SITE

ListItem = tuple[str, str, str | None]  # absolute address, title, ISO 8601 date or None
_ARTICLE_URL = re.compile(r"/\d{4,8}/|/20\d\d[-/]?\d\d|[_/-][tc]?\d{5,}|content|article|detail|\.s?html?(?:$|\?)", re.I)
_DATE_ATTRIBUTES = ("datetime", "data-date", "data-time")


def parse_list(
    html_text: str,
    base_url: str,
    selector: str,
    next_selector: str | None = None,
    fetched_at: datetime | None = None,
) -> tuple[list[ListItem], str | None]:
    """Articles of a list page in page order, each address once, and the address of the next page or None.

    ``selector`` names the links, or the rows that hold one each. ``fetched_at`` completes dates without a
    year. Raises CollectorError LIST-SELECTOR (not valid CSS) and LIST-EMPTY (it matches nothing: the page
    has changed, which must not look like calm).
    """
    soup = BeautifulSoup(html_text, "lxml")
    base = _base(soup, base_url)
    found: dict[str, ListItem] = {}
    matched = _select(soup, selector)
    for element in matched:
        item = _list_item(element, base, fetched_at)
        if item is not None and item[0] != base_url:
            found.setdefault(item[0], item)
    if not found:
        raise CollectorError(
            "LIST-EMPTY", f"选择器“{selector}”未匹配到任何文章链接", base_url, "栏目页可能已改版，请重新选择"
        )
    following = None
    if next_selector:
        link = next((e for e in _select(soup, next_selector) if e.get("href")), None)
        following = _absolute(base, str(link["href"])) if link is not None else None
    return list(found.values()), following if following != base_url else None


def propose_selector(html_text: str, base_url: str = "") -> str | None:
    """A CSS selector for what looks like the page's list of articles, or None.

    Links are grouped by the path of tags and classes above them; a group scores by how many links it has,
    how long their titles are, whether their addresses look like articles and whether a date stands beside.
    """
    soup = BeautifulSoup(html_text, "lxml")
    groups: dict[str, list[Tag]] = defaultdict(list)
    for link in soup.find_all("a", href=True):
        title = link.get_text(" ", strip=True)
        if (
            len(title) >= 6
            and not SITE.search(title)
            and not EDGE.search(title)
            and not link.find_parent(["nav", "footer"])
        ):
            groups[_path(link)].append(link)
    best = max(groups.items(), key=lambda pair: _score(pair[1], base_url), default=None)
    return best[0] if best and len(best[1]) >= 3 else None


def _select(soup: BeautifulSoup, selector: str) -> list[Tag]:
    """soup.select with a coded error."""
    try:
        return list(soup.select(selector))
    except (SelectorSyntaxError, ValueError, NotImplementedError) as error:
        raise CollectorError(
            "LIST-SELECTOR", f"选择器“{selector}”不是有效的 CSS 选择器", "", "请按 CSS 语法修改"
        ) from error


def _list_item(element: Tag, base: str, fetched_at: datetime | None) -> ListItem | None:
    """The link in a matched element with its title and the date nearest to it."""
    links = [element] if element.name == "a" else element.find_all("a", href=True)
    link = max(links, key=lambda a: len(a.get_text(strip=True)), default=None)
    if link is None or not link.get("href"):
        return None
    url = _absolute(base, str(link["href"]))
    shown = link.get_text(" ", strip=True)
    full = str(link.get("title") or "").strip()
    # Lists cut long titles and keep the whole in the title attribute.
    title = full if len(full) > len(shown) or not shown else shown
    if url is None or not title:
        return None
    return url, " ".join(title.split()), _date_beside(element, link, shown, fetched_at)


def _date_beside(element: Tag, link: Tag, shown: str, fetched_at: datetime | None) -> str | None:
    """A date in the same row, outside the title itself."""
    row: Tag | None = element
    for _ in range(3):
        if row is None or row.name in {"ul", "ol", "table", "tbody", "body"} or len(row.find_all("a", href=True)) > 3:
            break
        for holder in [row, *row.find_all(True)]:
            for name in _DATE_ATTRIBUTES:
                if holder.get(name) and (value := parse_date(str(holder[name]), fetched_at)):
                    return value
        rest = row.get_text(" ", strip=True).replace(shown, " ", 1)
        if value := parse_date(rest, fetched_at):
            return value
        row = row.parent
    for holder in link.find_all(["span", "em", "i", "time", "font"]):
        if value := parse_date(holder.get_text(" ", strip=True), fetched_at):
            return value
    return None


def _base(soup: BeautifulSoup, base_url: str) -> str:
    """The address that relative links start from."""
    tag = soup.find("base", href=True)
    return urljoin(base_url, str(tag["href"])) if isinstance(tag, Tag) else base_url


def _absolute(base: str, href: str) -> str | None:
    """An absolute http(s) address without fragment, or None."""
    try:
        url = urljoin(base, href.strip())
        return url.split("#")[0] if urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _path(link: Tag) -> str:
    """Up to four ancestors as a CSS path: the innermost with an id or class anchors it."""
    parts = ["a"]
    for parent in link.parents:
        if parent.name in {"body", "html", "[document]"} or len(parts) >= 5:
            break
        raw = parent.get("class")
        classes = [c for c in (raw if isinstance(raw, list) else []) if re.fullmatch(r"[A-Za-z_][\w-]*", c)]
        identity = str(parent.get("id") or "")
        if re.fullmatch(r"[A-Za-z_][\w-]*", identity) and not re.search(r"\d{2,}", identity):
            parts.append(f"{parent.name}#{identity}")
            break
        # Rows alternate classes (odd, even, first), so only containers are named by class.
        row = parent.name in {"li", "tr", "td", "dd", "dt", "h2", "h3", "h4", "p"}
        parts.append(parent.name if row or not classes else f"{parent.name}.{classes[0]}")
    return " > ".join(reversed(parts))


def _score(links: list[Tag], base_url: str) -> float:
    """Worth of a group of links as the list of articles."""
    titles = [a.get_text(" ", strip=True) for a in links]
    mean_length = sum(min(len(t), 40) for t in titles) / len(titles)
    article = sum(bool(_ARTICLE_URL.search(str(a["href"]))) for a in links) / len(links)
    host = urlsplit(base_url).hostname
    own = sum(not host or urlsplit(str(a["href"])).hostname in {None, host} for a in links) / len(links)
    dated = sum(bool(parse_date(a.parent.get_text(" ", strip=True))) for a in links if a.parent) / len(links)
    return min(len(links), 40) * mean_length * (0.3 + article) * (0.5 + own) * (1 + 2 * dated)
