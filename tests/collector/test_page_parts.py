"""What an article holds besides running text, and articles that go on over several pages."""

from __future__ import annotations

import pytest

from collector.page import extract_page
from collector.page_next import next_pages, page_number
from collector.page_paging import extract_article

URL = "http://www.langning.example/zw/202510/t20251016_88.html"
PARTS = [
    "澜宁市政务服务局近日通报，全市已有三百一十二个事项实现一个窗口受理，办理时限平均压缩六成以上。",
    "望澜区在三个街道试点楼栋议事制度，居民提出的意见由街道在三个工作日内答复，并在公示栏公开。",
    "石岭县把项目审批前置，企业拿地当天即可领取四证，全年已有四十七个项目按此办理，无一延误。",
    "下一步，全市将继续扩大事项范围，推动服务向乡镇、社区延伸，让群众在家门口就能办成事。",
]


def page(body: str, head: str = "", after: str = "") -> bytes:
    return (
        f"<html><head><title>澜宁市推进政务服务改革情况通报</title>{head}</head><body><h1>澜宁市推进政务服务改革情况通报</h1>"
        f"<div class='info'>2025-10-16 09:30 来源：澜宁日报</div><div class='article'>{body}</div>{after}"
        "<div class='footer'>版权所有 澜宁市人民政府 <a href='/files/app.pdf'>下载APP说明</a></div></body></html>"
    ).encode()


def test_headings_lists_and_tables_keep_their_structure() -> None:
    body = (
        f"<h2>总体情况</h2><p>{PARTS[0]}</p><p>一、试点先行</p><p>{PARTS[1]}</p><ul><li>压减材料一百四十七份；</li>"
        "<li>取消证明三十八项；</li></ul><table><tr><th>县区</th><th>项目（个）</th></tr>"
        f"<tr><td>石岭县</td><td>47</td></tr><tr><td>望澜区</td><td>52</td></tr></table><p>{PARTS[2]}</p>"
    )
    blocks = extract_page(page(body), URL).blocks
    kinds = ["heading", "paragraph", "heading", "paragraph", "item", "item", "table", "paragraph"]
    assert [b.kind for b in blocks] == kinds
    assert [b.level for b in blocks if b.kind == "heading"] == [2, 2]
    assert blocks[6].rows == [["县区", "项目（个）"], ["石岭县", "47"], ["望澜区", "52"]]


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    rows = "".join(f"<tr><td>{p}</td></tr>" for p in PARTS)
    assert {b.kind for b in extract_page(page(f"<table>{rows}</table>"), URL).blocks} == {"paragraph"}


def test_the_blocks_hold_the_text() -> None:
    table = "<table><tr><td>甲</td><td>乙丙</td></tr><tr><td>一二</td><td>三四</td></tr></table>"
    body = f"<p>{PARTS[0]}</p>{table}<p>{PARTS[3]}</p>"
    read = extract_page(page(body), URL)
    assert "".join("".join(b.text.split()) for b in read.blocks) == "".join(read.text.split())


def test_pictures_with_captions() -> None:
    body = (
        f"<p>{PARTS[0]}</p><p><img data-src='/pic/a.jpg' src='/blank.gif' alt='a.jpg'></p>"
        f"<p>市民在政务大厅办理业务。秦小满 摄</p><p>{PARTS[1]}</p>"
        f"<figure><img src='b.png'><figcaption>议事亭外景</figcaption></figure><p>{PARTS[2]}</p>"
        f"<p><img src='c.png' alt='石岭县服务大厅'></p><p>{PARTS[3]}</p>"
        "<img src='/img/icon_print.png'><img src='dot.png' width='1' height='1'><img src='data:image/gif;base64,AA'>"
    )
    read = extract_page(page(body), URL)
    folder = "http://www.langning.example/zw/202510/"
    assert [(p.url, p.caption) for p in read.images] == [
        ("http://www.langning.example/pic/a.jpg", "市民在政务大厅办理业务。秦小满 摄"),
        (folder + "b.png", "议事亭外景"),
        (folder + "c.png", "石岭县服务大厅"),
    ]


def test_attachments_in_and_below_the_body_not_in_the_footer() -> None:
    body = f"<p>{PARTS[0]}</p><p>{PARTS[1]}</p><p>附件：<a href='./P02.docx'>事项清单.docx</a></p>"
    after = "<div><a href='/f/%E8%A1%A8.xlsx?v=1'></a></div>"
    assert extract_page(page(body, after=after), URL).attachments == [
        ("http://www.langning.example/zw/202510/P02.docx", "事项清单.docx"),
        ("http://www.langning.example/f/%E8%A1%A8.xlsx?v=1", "表.xlsx"),
    ]


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ("http://www.langning.example/zw/202510/t20251016_88_2.html", 2),
        ("http://www.langning.example/zw/202510/t20251016_88-3.html", 3),
        ("http://www.langning.example/zw/202510/t20251016_88.html?page=2", 2),
        ("http://www.langning.example/zw/202510/t20251016_89.html", None),
        ("http://www.langning.example/zw/202510/t20251016_88.html?from=2", None),
        ("http://www.langning.example/zw/202509/t20251016_88_2.html", None),
        ("http://other.example/zw/202510/t20251016_88_2.html", None),
        ("http://www.langning.example/zw/202510/t20251016_88_20251016.html", None),
        ("javascript:void(0)", None),
    ],
)
def test_which_addresses_are_further_pages(other: str, number: int | None) -> None:
    assert page_number(URL, other) == number
    assert next_pages(URL, [other]) == ([other] if number else [])


def site(parts: list[str]) -> dict[str, bytes]:
    """A site that spreads one article over its pages; each page links only to its neighbours."""
    made: dict[str, bytes] = {}
    names = [URL] + [URL.replace(".html", f"_{i + 1}.html") for i in range(1, len(parts))]
    for i, part in enumerate(parts):
        links = [
            f"<a href='{names[j]}'>{'上一页' if j < i else '下一页'}</a>" for j in (i - 1, i + 1) if 0 <= j < len(parts)
        ]
        made[names[i]] = page(f"<p>{part}</p><p>{part[::-1]}</p><p>{' '.join(links)}</p>")
    return made


def test_pages_are_joined_in_order_by_the_links_of_each() -> None:
    pages = site(PARTS)
    asked: list[str] = []

    def fetch(url: str) -> tuple[bytes, str | None] | None:
        asked.append(url)
        return pages[url], "utf-8"

    read = extract_article(pages[URL], URL, fetch)
    assert [p for p in PARTS if p in read.text.split("\n")] == PARTS
    assert [read.text.index(p) for p in PARTS] == sorted(read.text.index(p) for p in PARTS)
    assert read.pages == 4
    assert asked == list(pages)[1:]
    assert (read.title, read.published_at) == ("澜宁市推进政务服务改革情况通报", "2025-10-16T09:30+08:00")
    assert "下一页" not in read.text


def test_a_page_that_cannot_be_had_is_said() -> None:
    pages = site(PARTS[:2])
    read = extract_article(pages[URL], URL, lambda _: None)
    assert read.pages == 1
    assert "PAGE-PART-MISSING" in read.warnings
    assert PARTS[0] in read.text


def test_a_site_that_always_answers_the_first_page_ends() -> None:
    first = site(PARTS)[URL]
    read = extract_article(first, URL, lambda _: (first, None))
    assert read.pages == 1
    assert read.text.count(PARTS[0]) == 1


def test_page_links_laid_by_script() -> None:
    script = '<script>createPageHTML(3, 0, "t20251016_88", "html");</script>'
    first = page(f"<p>{PARTS[0]}</p><p>{PARTS[1]}</p>{script}")
    rest = {URL.replace(".html", "_1.html"): PARTS[2], URL.replace(".html", "_2.html"): PARTS[3]}
    read = extract_article(first, URL, lambda url: (page(f"<p>{rest[url]}</p><p>{rest[url][::-1]}</p>"), None))
    assert read.pages == 3
    assert read.text.index(PARTS[2]) < read.text.index(PARTS[3])
    elsewhere = page(f"<p>{PARTS[0]}</p><p>{PARTS[1]}</p>{script.replace('_88', '_99')}")
    assert extract_page(elsewhere, URL).page_links == []


def test_a_single_page_asks_for_nothing() -> None:
    gallery = "<div><a href='/tp/202510/t9.html'>下一页</a></div>"

    def fetch(url: str) -> tuple[bytes, str | None] | None:
        raise AssertionError(url)

    assert extract_article(page("".join(f"<p>{p}</p>" for p in PARTS), after=gallery), URL, fetch).pages == 1
