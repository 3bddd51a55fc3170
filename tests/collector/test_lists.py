"""List pages by a written selector, and the suggestion for one."""

from __future__ import annotations

from datetime import datetime

import pytest

from collector.errors import CollectorError
from collector.lists import parse_list, propose_selector

BASE = "http://www.langning.example/yaowen/index.html"
ROWS = "".join(
    f'<li class="{"odd" if i % 2 else "even"}"><a href="./2022030{i}/t2022030{i}_10{i}.html" '
    f'title="澜宁市第{i}次推进会召开，全面部署重点工作">澜宁市第{i}次推进会…</a><span>03-0{i}</span></li>'
    for i in range(1, 7)
)
PAGE = (
    '<html><body><div class="nav"><a href="/">网站首页</a><a href="/zw/">政务公开栏目</a></div>'
    f'<div class="main"><ul class="news-list">{ROWS}</ul></div>'
    '<div class="side"><ul><li><a href="/zt/1.html">专题一：主题教育</a></li>'
    '<li><a href="/zt/2.html">专题二：乡村振兴</a></li></ul></div>'
    '<a class="next" href="index_1.html">下一页</a></body></html>'
)


@pytest.mark.parametrize("selector", ["ul.news-list a", "ul.news-list li"])
def test_links_titles_dates_and_the_next_page(selector: str) -> None:
    items, following = parse_list(PAGE, BASE, selector, "a.next", datetime(2022, 3, 10))
    assert len(items) == 6
    assert items[0] == (
        "http://www.langning.example/yaowen/20220301/t20220301_101.html",
        "澜宁市第1次推进会召开，全面部署重点工作",
        "2022-03-01",
    )
    assert following == "http://www.langning.example/yaowen/index_1.html"


def test_no_match_is_not_calm() -> None:
    with pytest.raises(CollectorError) as caught:
        parse_list(PAGE, BASE, "ul.gone a")
    assert caught.value.code == "LIST-EMPTY"


def test_a_wrong_selector_is_named() -> None:
    with pytest.raises(CollectorError) as caught:
        parse_list(PAGE, BASE, "ul[[")
    assert caught.value.code == "LIST-SELECTOR"


def test_script_links_are_left_out() -> None:
    page = '<ul><li><a href="javascript:void(0)">展开全部内容</a></li><li><a href="/a.html">正式文章标题</a></li></ul>'
    items, following = parse_list(page, BASE, "li a", "a.next")
    assert [i[0] for i in items] == ["http://www.langning.example/a.html"]
    assert following is None


def test_the_suggestion_finds_the_list_and_works() -> None:
    selector = propose_selector(PAGE, BASE)
    assert selector is not None
    assert len(parse_list(PAGE, BASE, selector)[0]) == 6
    assert propose_selector("<p>没有链接</p>") is None
