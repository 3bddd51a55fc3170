"""Pages served with status 200 in place of the article: "not found" notices and walls (cookies, scripts, checks).

Only a page of a few words that says so at its start or in its title counts: an article about such pages is an article.
"""

from __future__ import annotations

import re

from collector.errors import CollectorError

MOST_CHARACTERS = 160  # such pages are a line or two
_GONE = re.compile(
    r"(?:页面|网页|文章|内容|信息|稿件|链接)[^。，\n]{0,6}(?:不存在|已(?:被)?删除|已(?:被)?撤[下稿销]|已下[线架]|未找到|找不到)"
    r"|(?:找不到|没有找到|无法找到)[^。\n]{0,10}(?:页面|网页|文章|内容|信息)"
    r"|(?:404|410)\s*(?:错误|not found|error|gone|[-|_－—]|$)|\b(?:page|file) not found\b",
    re.I,
)
_WALL = re.compile(
    r"(?:启用|开启|打开|允许|支持)\s*(?:浏览器的?)?\s*(?:cookies?|java\s*script)"
    r"|(?:安全|人机|滑动|身份)验证|(?:访问|请求|操作)[^。\n]{0,4}(?:过于频繁|太频繁)|正在(?:检[测查]|验证)[^。\n]{0,8}浏览器"
    r"|\benable (?:cookies|javascript)\b|\bjust a moment\b|\baccess denied\b",
    re.I,
)


def refuse_stand_in(title: str, text: str, url: str) -> None:
    """Raise PAGE-GONE or PAGE-WALL when a read page is not the article its address names."""
    if len("".join(text.split())) > MOST_CHARACTERS:
        return
    said = f"{title}\n{text[:80]}"
    if _WALL.search(said):
        raise CollectorError(
            "PAGE-WALL", "网站要求验证或启用脚本，未给出文章", url, "请在浏览器中核对；需要时联系网站或手工上传。"
        )
    if _GONE.search(said):
        raise CollectorError("PAGE-GONE", "网页声明内容不存在（状态码却为 200）", url, "请确认网址是否变更或已撤下。")
