"""Which range of lines is the article.

Every line gets a worth: running prose is worth its length, links and page furniture cost. The article is
the block element whose lines sum to the most (a maximum-subtree sum), trimmed at both ends. Nothing here
knows a site; class names only lower the worth of what calls itself a comment list or a side bar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from collector.page_tree import HEADINGS, Line, Span, Tree

_PROSE = re.compile(r"[，。！？；：、,;!?“”]")
_STRONG = re.compile(r"[。！？；!?]")
FURNITURE = re.compile(
    r"版权所有|Copyright|©|ICP备|公网安备|网站地图|联系我们|关于我们|免责声明|法律声明|投稿|返回顶部|扫一扫|扫描二维码|二维码"
    r"|分享到|分享至|分享给|我要评论|网友评论|发表评论|查看评论|热门评论|条评论|参与评论|文明上网|登录|注册|收藏本|设为首页"
    r"|加入收藏|字号|字体[:：]|打印本|关闭窗口|【打印】|【关闭】|上一篇|下一篇|上一页|下一页|相关新闻|相关阅读|相关链接|相关文章|推荐阅读"
    r"|延伸阅读|更多精彩|猜你喜欢|热点推荐|热门推荐|点击排行|阅读排行|点击进入专题|责任编辑|责编[:：]|\[责编|（责编|举报|客服|广告|当前位置"
    r"|您的位置|所在位置|您现在的位置|首页\s*[>»/]|App下载|客户端下载|点赞|打开APP|主办单位|承办单位|建议使用|网站标识码|您访问的链接"
    r"|未经.{0,12}(?:授权|许可|允许)|本文来源|如需转载|转载请|仅代表作者|不代表本|原标题[:：]|浏览次数|点击数|点击量|阅读次数|微信公众号",
    re.I,
)
_LOW_HINT = re.compile(
    r"comment|footer|foot\b|copyright|sidebar|side-?bar|related|recommend|\bnav|menu|breadcrumb|crumb|share|"
    r"hot-?(?:news|list)|rank|relat|toolbar|login|pinglun|friend|banner|advert|\bad[s_-]|qrcode|disclaimer|xgyd|xgxw"
)
_ATTACHMENT = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv)(?:$|[?#])", re.I)


@dataclass(frozen=True)
class Body:
    """The article: its container and the indexes of the lines that belong to it, in order."""

    span: int
    lines: list[int]


def line_worth(line: Line) -> float:
    """Positive for prose, about zero for short unlinked text, negative for links and furniture."""
    if not line.size:
        return 0.0
    density = line.linked / line.size
    if any(_ATTACHMENT.search(href) for href, _ in line.links):
        return 2.0
    marks = len(_PROSE.findall(line.text))
    if density > 0.5 and not (marks >= 3 and line.size > 80):
        return -(10.0 + min(line.size, 40))
    if line.size < 120 and FURNITURE.search(line.text):
        return -30.0
    free = line.size - line.linked
    if marks:
        return free * (1.0 if _STRONG.search(line.text) or line.size > 40 else 0.6) - line.linked
    return min(free, 60) * (0.4 if free > 12 else 0.15)


def find_body(tree: Tree) -> Body | None:
    """The article's container and lines, or None where the page has no prose at all."""
    if not tree.lines:
        return None
    worth = [line_worth(line) for line in tree.lines]
    for span in tree.spans:
        if span.last - span.first < len(tree.lines) * 0.7 and _LOW_HINT.search(span.hint):
            for i in range(span.first, span.last):
                if worth[i] > 0:
                    worth[i] *= 0.3
    running = [0.0]
    for value in worth:
        running.append(running[-1] + value)
    best = _best_span(tree.spans, running)
    if best is None:
        return None
    span = tree.spans[best]
    kept = _drop_lists(tree, list(range(span.first, span.last)), worth)
    return Body(best, _trim(kept, worth, tree.lines))


def _best_span(spans: list[Span], running: list[float]) -> int | None:
    """Index of the span with the greatest sum; of equal sums the innermost."""
    best, best_sum = None, 0.0
    for index, span in enumerate(spans):
        total = running[span.last] - running[span.first]
        if total > 0 and total >= best_sum:
            best, best_sum = index, total
    return best


def _drop_lists(tree: Tree, indexes: list[int], worth: list[float]) -> list[int]:
    """Leave out inner blocks that are lists of links or furniture (related news, share bars)."""
    if not indexes:
        return indexes
    low, high = indexes[0], indexes[-1] + 1
    dropped: set[int] = set()
    for span in tree.spans:
        if span.first < low or span.last > high or span.last - span.first >= high - low:
            continue
        block = range(span.first, span.last)
        size = sum(tree.lines[i].size for i in block)
        linked = sum(tree.lines[i].linked for i in block)
        total = sum(worth[i] for i in block)
        low_hint = bool(_LOW_HINT.search(span.hint))
        if (total < 0 and (len(block) >= 3 or low_hint) and linked > 0.5 * size) or (
            low_hint and size < 400 and span.tag not in HEADINGS
        ):
            dropped.update(block)
    return [i for i in indexes if i not in dropped]


def _trim(indexes: list[int], worth: list[float], lines: list[Line]) -> list[int]:
    """Cut furniture off both ends: what lies outside the run with the greatest sum."""
    best = (0.0, 0, len(indexes))
    total, start = 0.0, 0
    for position, index in enumerate(indexes):
        if total <= 0:
            total, start = 0.0, position
        total += worth[index]
        if total >= best[0]:
            best = (total, start, position + 1)
    return indexes[best[1] : best[2]]
