"""Article pages of our own making, in the shapes that sites use."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.page import DOUBTFUL, extract_page
from collector.page_second import agreement, confidence_of, second_reading
from collector.page_tree import build_tree, parse_html

TITLE = "澜宁市推行“一窗通办”改革 群众办事少跑腿"
PARAGRAPHS = [
    "本报讯（记者 田小禾）近日，记者从澜宁市政务服务局获悉，该市推行“一窗通办”改革，已有312个事项实现一个窗口受理。",
    "“以前办营业执照要跑三个窗口，现在一个窗口全办好了。”在市民中心，个体经营者秦先生对记者说。",
    "据介绍，澜宁市坚持问题导向，梳理高频事项清单，压减材料147份，平均办理时限缩短六成以上。",
    "下一步，澜宁市将继续扩大事项范围，推动服务向乡镇、社区延伸，让群众在家门口就能办成事。",
]
NAV = "".join(f'<li><a href="/c{i}/">栏目{i}</a></li>' for i in range(12))
RELATED = "".join(f'<li><a href="/r/{i}.html">相关推荐新闻的标题第{i}条，内容各不相同</a></li>' for i in range(8))
BODY = "".join(f"<p>　　{p}</p>" for p in PARAGRAPHS)


def page(head: str = "", header: str = "", body: str = BODY, after: str = "") -> str:
    return (
        f"<html><head><title>{TITLE}_澜宁新闻网</title>{head}</head><body><div class='nav'><ul>{NAV}</ul></div>"
        f"<div class='crumbs'>当前位置：<a href='/'>首页</a> &gt; 要闻</div>"
        f"<h1>{TITLE}</h1><div class='info'>{header}</div>"
        f"<div class='article'>{body}</div>{after}<div><h3>相关新闻</h3><ul>{RELATED}</ul></div>"
        "<div class='footer'>版权所有 澜宁新闻网 ICP备00000000号 "
        "地址：澜宁市人民路1号，电话：0000-0000000</div></body></html>"
    )


def test_the_usual_page() -> None:
    html = page(
        header="2022-03-01 08:30　来源：澜宁日报　作者：田小禾　字号：大 中 小",
        after="<p>责任编辑：顾云</p>",
    )
    read = extract_page(html.encode(), "http://www.langning.example/a/1.html")
    assert read.title == TITLE
    assert read.published_at == "2022-03-01T08:30+08:00"
    assert (read.source, read.author, read.editor) == ("澜宁日报", "田小禾", "顾云")
    assert read.text.split("\n") == PARAGRAPHS
    assert read.confidence >= 0.9
    assert read.warnings == []


@pytest.mark.parametrize("declared", ["utf-8", "gb2312"])
@pytest.mark.parametrize("written", ["utf-8", "gb18030"])
def test_wrong_charsets(written: str, declared: str) -> None:
    html = page(head=f'<meta charset="{declared}">', header="2022年3月1日 来源：澜宁日报")
    read = extract_page(html.encode(written), charset_header=declared)
    assert read.title == TITLE
    assert read.text.split("\n") == PARAGRAPHS


def test_government_meta_tags_come_first() -> None:
    head = (
        '<meta name="ArticleTitle" content="关于印发优化营商环境方案的通知">'
        '<meta name="PubDate" content="2022-03-02 10:15">'
        '<meta name="ContentSource" content="澜宁市人民政府办公室">'
    )
    read = extract_page(page(head=head, header="发布日期：2022-03-01").encode())
    assert read.published_at == "2022-03-02T10:15+08:00"
    assert read.source == "澜宁市人民政府办公室"


def test_the_shown_minute_beats_open_graph() -> None:
    head = '<meta property="article:published_time" content="2022-03-01T08:47:10+08:00">'
    assert extract_page(page(head=head, header="2022-03-01 08:30").encode()).published_at == "2022-03-01T08:30+08:00"
    assert extract_page(page(head=head).encode()).published_at == "2022-03-01T08:47:10+08:00"


def test_a_day_stays_a_day() -> None:
    assert extract_page(page(header="时间：2022年3月1日").encode()).published_at == "2022-03-01"
    undated = extract_page(page().encode())
    assert undated.published_at is None
    assert "PAGE-NO-DATE" in undated.warnings


def test_wechat_time_from_the_script() -> None:
    html = (
        f"<html><head><title></title><meta property='og:title' content='{TITLE}'></head><body><h1>{TITLE}</h1>"
        f"<a id='js_name'>澜宁发布</a><em id='publish_time'>昨天</em>"
        f"<div id='js_content' style='visibility:hidden'>{BODY}</div>"
        '<script>var ct = "1646094600"; var nickname = "澜宁发布";</script></body></html>'
    )
    read = extract_page(html.encode())
    assert read.published_at == "2022-03-01T08:30:00+08:00"
    assert read.source == "澜宁发布"
    assert read.text.split("\n") == PARAGRAPHS


def test_scripts_and_hidden_text_never_show() -> None:
    hostile = (
        "<script>document.write('恶意脚本内容，不应出现。')</script><style>.x{content:'样式内容，不应出现。'}</style>"
        "<div style='display:none'>隐藏的文字内容，不应出现在正文之中。</div>"
        "<noscript>请启用脚本，不应出现。</noscript>"
    )
    read = extract_page(page(header="2022-03-01", body=BODY + hostile).encode())
    assert "不应出现" not in read.text
    assert read.text.split("\n") == PARAGRAPHS


def test_related_news_and_comments_are_left_out() -> None:
    comments = "<div class='box'><h4>网友评论</h4><p>办得好，点赞！希望继续坚持，越来越方便。</p></div>"
    read = extract_page(page(header="2022-03-01", after=comments).encode())
    assert read.text.split("\n") == PARAGRAPHS


def test_a_second_copy_for_phones_is_not_read_twice() -> None:
    html = page(header="2022-03-01").replace("</body>", f"<div class='m'>{BODY}</div></body>")
    assert extract_page(html.encode()).text.count(PARAGRAPHS[0]) == 1


def test_tables_keep_their_rows() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>{v}</td></tr>" for n, v in (("事项", "数量"), ("企业开办", "36"), ("民生保障", "58"))
    )
    read = extract_page(
        page(
            header="2022-03-01", body=BODY + f"<table>{rows}</table><p>以上数据截至二月底，由市政务服务局提供。</p>"
        ).encode()
    )
    assert "企业开办\t36" in read.text


def test_links_are_absolute_and_attachments_kept() -> None:
    body = BODY + "<p>附件：<a href='files/list.docx'>事项清单.docx</a></p><p><a href='javascript:x()'>脚本</a></p>"
    read = extract_page(page(header="2022-03-01", body=body).encode(), "http://www.langning.example/a/1.html")
    assert ("http://www.langning.example/a/files/list.docx", "事项清单.docx") in read.links
    assert all(url.startswith("http") for url, _ in read.links)


def test_title_over_two_lines() -> None:
    html = page(header="2022-03-01").replace(f"<h1>{TITLE}</h1>", "<h1>澜宁市推行“一窗通办”改革<br>群众办事少跑腿</h1>")
    assert extract_page(html.encode()).title == TITLE


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"<html></html>", b"plain", b"<" * 5000, b"<div>" * 20000])
def test_nothing_to_read_is_said_not_raised(data: bytes) -> None:
    read = extract_page(data)
    assert read.confidence <= 1
    assert "PAGE-EMPTY" in read.warnings or read.text


SHORT_BODY = (
    "<p>　　市公安局提示，博览会期间会展大道每日8时至20时单向通行。</p>"
    "<p>　　外地观展车辆凭二维码预约进场，预约满额后不再受理。</p>"
)


@pytest.mark.parametrize(
    "heading", ["相关信息", "相关阅读：", "上一篇：市统计局发布公报", "分享", "【打印】", "关闭窗口"]
)
def test_what_follows_a_short_article_is_cut(heading: str) -> None:
    links = "".join(f"<tr><td>· <a href='#'>另一条消息的标题第{i}条</a></td></tr>" for i in range(3))
    after = f"<table><tr><td><b>{heading}</b></td></tr>{links}</table>"
    read = extract_page(page(header="2022-03-01", body=SHORT_BODY, after=after).encode())
    assert read.text.split("\n") == [
        "市公安局提示，博览会期间会展大道每日8时至20时单向通行。",
        "外地观展车辆凭二维码预约进场，预约满额后不再受理。",
    ]


def test_a_short_clean_page_is_not_doubtful() -> None:
    html = (
        "<html><head><title>交通提示--澜宁发布</title></head><body><div>您现在的位置：首页 &gt;&gt; 通知公告</div>"
        "<div>关于博览会期间交通组织的提示</div><div>发布时间：2022-03-01　来源：澜宁发布　字体：【大 中 小】</div>"
        f"<div>{SHORT_BODY}</div><div>主办：澜宁市人民政府办公室　承办：澜宁发布编辑部<br>网站标识码：0000000000</div>"
        "</body></html>"
    )
    read = extract_page(html.encode())
    assert read.warnings == []
    assert read.confidence > 0.95


@pytest.mark.parametrize(
    "read", [PARAGRAPHS[0], "\n".join([*PARAGRAPHS, "网友评论说，办得好，希望继续坚持下去。" * 8])]
)
def test_short_bodies_that_lack_or_exceed_the_article_stay_doubtful(read: str) -> None:
    root = parse_html(page(header="2022-03-01"))
    assert root is not None
    tree = build_tree(root)
    assert confidence_of("\n".join(PARAGRAPHS), tree) > 0.95
    assert confidence_of(read, tree) < DOUBTFUL


def test_short_lines_set_apart_by_breaks_are_one_paragraph() -> None:
    lines = [f"第{i}项改革已经完成，成效明显。" for i in range(30)]
    read = extract_page(page(header="2022-03-01", body="<br>".join(lines)).encode())
    assert read.text.split("\n") == lines
    assert read.confidence > 0.95


@pytest.mark.parametrize("name", ["article", "x1", "comment-body"])
def test_the_second_reader_knows_no_words_of_furniture(name: str) -> None:
    root = parse_html(page(header="2022-03-01").replace("class='article'", f"class='{name}'"))
    assert root is not None
    read = [line.text for line in second_reading(build_tree(root))]
    assert [text for text in read if text in PARAGRAPHS] == PARAGRAPHS
    assert not [text for text in read if "相关推荐新闻" in text or text.startswith("栏目")]
    assert second_reading(build_tree(parse_html("<p>短</p>"))) == []


def multiset_f1(one: str, other: str) -> float:
    a, b = (Counter(t[i : i + 4] for i in range(max(1, len(t) - 3))) if t else Counter() for t in (one, other))
    return 2 * (a & b).total() / (a.total() + b.total()) if a or b else 1.0


@given(st.text("一二三四", max_size=30), st.text("一二三四", max_size=30))
def test_agreement_is_the_f1_of_the_shingle_multisets(one: str, other: str) -> None:
    assert agreement(one, other) == pytest.approx(multiset_f1(one, other))
    assert agreement(" ".join(one), one) == 1.0


def test_two_readers_that_disagree_are_reported() -> None:
    links = "".join(f"<p><a href='/{i}.html'>栏目文章标题，编号{i}，点此查看详细内容</a></p>" for i in range(60))
    read = extract_page(f"<html><body>{links}<p>短讯。</p></body></html>".encode())
    assert "PAGE-EMPTY" in read.warnings or "PAGE-DOUBTFUL" in read.warnings


@pytest.mark.parametrize(
    ("first", "author"),
    [
        ("新华社澜宁3月1日电（记者田小禾、顾云）三月一日，澜宁市召开专题会议，部署重点工作。", "田小禾 顾云"),
        ("□ 本报记者 田小禾 顾云", "田小禾 顾云"),
        ("文/田小禾", "田小禾"),
        ("记者从会上获悉，澜宁市将继续推进各项改革任务落地见效。", ""),
        ("记者 近日在现场看到，这里秩序井然。", ""),
    ],
)
def test_reporters_named_in_the_body(first: str, author: str) -> None:
    body = f"<p>{first}</p>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
    assert extract_page(page(header="2022-03-01", body=body).encode()).author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("新华社记者秦小满、田禾", "秦小满 田禾"),
        ("本报记者 秦小满 田　禾", "秦小满 田禾"),
        ("澜宁日报记者 秦小满 石岭报道", "秦小满"),
        ("澜宁日报社记者手记", ""),
        ("本报记者调查", ""),
        ("执笔：秦小满", "秦小满"),
        ("澜宁社望澜10月16日电（秦小满、田禾）市政务服务局介绍了情况，事项清单已经公布。", "秦小满 田禾"),
    ],
)
def test_bylines_above_the_article(line: str, author: str) -> None:
    assert (
        extract_page(page(body=f"<p>{line}</p>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])).encode()).author
        == author
    )


@pytest.mark.parametrize(
    ("ending", "author"),
    [("（秦小满 田禾）", "秦小满 田禾"), ("（高新区）", ""), ("（石岭县）", ""), ("（全文完）", "")],
)
def test_names_in_brackets_at_the_end(ending: str, author: str) -> None:
    body = "".join(f"<p>{p}</p>" for p in [*PARAGRAPHS[1:-1], PARAGRAPHS[-1] + ending])
    assert extract_page(page(body=body).encode()).author == author


def test_the_account_that_published_is_the_source() -> None:
    header = "<a href='/media/home/77'>澜宁观察员</a></div><div>2022-03-01 08:30 发布于江北"
    read = extract_page(page(header=header).encode())
    assert (read.source, read.text.split("\n")[0]) == ("澜宁观察员", PARAGRAPHS[0])
    assert read.published_at == "2022-03-01T08:30+08:00"


@pytest.mark.parametrize(
    "header",
    [
        "<span>来源：</span><p>澜宁日报</p><p>2022-03-01</p>",
        "<table><tr><td>发布机构：澜宁日报</td><td>成文日期：2022-03-01</td></tr></table>",
        "<table><tr><td>发文机关：</td><td>澜宁日报</td></tr><tr><td>发布日期：</td><td>2022-03-01</td></tr></table>",
    ],
)
def test_a_source_in_a_cell_of_its_own_and_the_issuing_body(header: str) -> None:
    assert extract_page(page(header=header).encode()).source == "澜宁日报"


def test_another_articles_time_is_not_this_ones() -> None:
    header = "<p>最新推荐文章于 2022-03-05 22:12:13 发布</p><p>田小禾 于 2022-03-01 08:30:15 发布</p>"
    assert extract_page(page(header=header).encode()).published_at == "2022-03-01T08:30:15+08:00"


def test_a_time_given_below_the_article_or_in_its_opening() -> None:
    below = page(after="<p>田小禾 发表于 2022-3-1 8:30 阅读(120)</p><p>网友 2022-3-9 10:00</p>")
    assert extract_page(below.encode()).published_at == "2022-03-01T08:30+08:00"
    opening = page(
        body=f"<p>{PARAGRAPHS[0]}</p><p>2022-3-1 澜宁日报</p>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
    )
    assert extract_page(opening.encode()).published_at == "2022-03-01"
    told = page(body=BODY + "<p>该项目于2021年5月6日启动，2022年2月完工，总投资三千万元。</p>")
    assert extract_page(told.encode()).published_at is None
    made = page(header="本站建立于：2004年10月6日")
    assert extract_page(made.encode()).published_at is None


def test_what_follows_the_editors_line_is_cut() -> None:
    after = "<p>[责任编辑：顾云]</p><p>市长昨日主持召开专题会议，部署下一阶段工作，会议要求各部门抓紧落实。</p>"
    read = extract_page(page(body=BODY + after).encode())
    assert read.text.split("\n") == PARAGRAPHS
    assert read.editor == "顾云"


def test_a_declared_title_that_holds_markup() -> None:
    for written in (f"&lt;div&gt;{TITLE}&lt;/div&gt;", f"&amp;lt;p&amp;gt;{TITLE}&amp;lt;/p&amp;gt;"):
        html = page(head=f'<meta name="ArticleTitle" content="{written}">').replace(f"<h1>{TITLE}</h1>", "")
        assert extract_page(html.encode()).title == TITLE


def test_a_declared_title_cut_at_a_quote_does_not_win() -> None:
    html = page(head=f'<meta property="og:title" content="{TITLE.split("“")[0]}">')
    assert extract_page(html.encode()).title == TITLE


def test_wechat_page() -> None:
    html = (
        "<html><head><title></title></head><body><div id='page-content'><h1 id='activity-name'></h1>"
        "<div id='meta_content'><span>原创</span><em id='publish_time'></em></div>"
        f"<div id='js_content' style='visibility: hidden;'>{BODY}</div></div>"
        '<script>var nickname = htmlDecode("澜宁发布&amp;政务"); var ct = "1646094600";'
        f" var msg_title = '{TITLE}'.html(false);</script></body></html>"
    )
    read = extract_page(html.encode())
    assert read.text.split("\n") == PARAGRAPHS
    assert (read.title, read.source) == (TITLE, "澜宁发布&政务")
    assert read.published_at == "2022-03-01T08:30:00+08:00"
