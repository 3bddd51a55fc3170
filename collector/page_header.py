"""Source, author, editor and publish time from the lines that stand between headline and body, or below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from collector.dates import FoundDate, find_date, find_dates
from collector.page_byline import byline_of

_LABEL = (
    r"来源|稿源|消息来源|信息来源|文章来源|新闻来源|内容来源|作者|记者|撰文|撰稿|文字|责任编辑|责编|编辑|编审|审核|校对|责任校对|时间|日期|发布时间"
    r"|发布日期|发表时间|更新时间|发稿时间|日期|字号|字体|浏览|浏览次数|点击|点击数|阅读|阅读量|阅读次数|访问量|分享|打印|评论|人气|摄影|图片|通讯员|发布|发布机构|发布单位"
    r"|供稿|出处|来自|大字|视力保护色|选择字号|大小|关键词|关键字|标签|专题|举报|来源链接"
)
_END = re.compile(
    rf"(?:\s|[|丨｜/（(【\[\]】)）·;；,，])*(?:(?:{_LABEL})\s*[:：]|【|\[|分享|打印|字号|大\s*中\s*小|我要评论|浏览|点击|阅读|访问|评论|T大|\d+\s*次|\d{{4}}[-年/.]|http|扫|收藏|订阅|手机看|用手机|微信|微博|关注)"
    r"|\s+[\u4e00-\u9fff]{2,5}\s*[:：]"
)
_SOURCE = re.compile(
    r"(?:消息来源|信息来源|文章来源|新闻来源|内容来源|稿件来源|来\s*源|来\s*自|稿\s*源|出\s*处|供稿单位)\s*[:：]\s*"
)
_ISSUER = re.compile(r"(?:发\s*布\s*机\s*构|发布单位|发\s*文\s*机\s*关|发文单位|制发单位|信息所属单位)\s*[:：]\s*")
_AUTHOR = re.compile(r"(?:本文作者|作\s*者|撰\s*文|撰\s*稿|记\s*者|文字|文)\s*[:：/]\s*")
_EDITOR = re.compile(r"(?:责任\s*编辑|责任编审|责\s*编|编\s*辑|选\s*稿|编\s*审|责任校对)\s*[:：]\s*")
_OUTLET = re.compile(
    r"^[\w·《》“”\-—－+（）()]{2,30}?(?:网|报|日报|晚报|晨报|早报|商报|时报|都市报|社|台|电视台|电台|广播|客户端|新闻|在线|发布|公报|杂志|周刊|融媒体中心|融媒|公众号|频道|视线|观察|网络版|政府|委|局|厅|部|办公室|财经|通讯社|之声|新媒体|網|報|財經|電視|電台|新聞|社區|雜誌)$"
)
_NAME = re.compile(r"^[\u4e00-\u9fff][\w\u4e00-\u9fff·－-]{1,11}$")
_NO_OUTLET = re.compile(
    r"^(?:来自|发布于|電郵|列印|转发|浏览|阅读|字号|星期|周[一二三四五六日]|週[一二三四五六日]|评论|分享|打印|关注|举报|更新|首页|正文|下载|独家|收藏|北京时间|点击|次)|"
    r"微信|微博|空间|客户端|人参与|新闻$|要闻|频道|省$|市$|编辑|作者|记者"
)
_ACCOUNT = re.compile(r"author|media|account|publisher|columnist|/u(?:ser)?/|[/.]zmt|/mp/", re.I)
_OTHER_TIME = re.compile(
    r"(?:推荐|热门|相关|最新)文章|(?:修改|编辑|更新|截止|截至|访问|登录|刷新|建立|创建|注册|成立)(?:时间|日期|于)?\s*[:：]?\s*$"
)
_PUBLISHED = re.compile(r"(?:发布|发表|发稿|刊发)(?:(?:时间|日期|于)?\s*[:：]|于)\s*|(?<!更新)(?:时间|日期)\s*[:：]\s*")
FOOTER_TIMES, OPENING_LINES = 5, 8
_CLOSERS = "）)】]"
_CODE = re.compile(r"[\s_]*[A-Za-z_]{1,4}\d{2,}$")
_JUNK_NAME = re.compile(r"^(?:未知|无|null|none|本站|本网|原创|转载|admin|管理员|互联网|[\d\s:：.-]*)$", re.I)


@dataclass
class Header:
    """What the lines around the headline say; empty strings where they say nothing."""

    source: str = ""
    author: str = ""
    editor: str = ""
    published_at: str = ""


def read_header(lines: list[str], links: list[tuple[str, str]] | None = None) -> Header:
    """Read fields from the lines of the header region, nearest to the headline first.

    ``links``: (href, text) of the region; a linked outlet name beside the date is the source, and so is the
    account that published, where nothing else is.
    """
    header = Header()
    header.published_at = _best_date(lines)
    for line in lines:
        header.source = header.source or outlet_name(_field(line, _SOURCE))
        header.author = header.author or people_names(_field(line, _AUTHOR))
        header.editor = header.editor or people_names(_field(line, _EDITOR))
    header.source = header.source or _on_next_line(lines, _SOURCE)
    if not header.source:
        outlets = [text for _, text in links or []]
        header.source = _unlabelled_source(lines, outlets) or _account(lines, links or [])
    if not header.source:  # a document of a public body: who issued it stands in its head
        header.source = next((n for line in lines if (n := outlet_name(_field(line, _ISSUER)))), "")
        header.source = header.source or _on_next_line(lines, _ISSUER)
    if not header.author:
        header.author = next((found for line in lines[1:] if len(line) <= 40 and (found := byline_of(line))), "")
    return header


def read_footer(lines: list[str]) -> Header:
    """Read editor, source, author and time from the lines at and below the end of the body; labels only."""
    footer = Header()
    for line in lines[:FOOTER_TIMES]:
        found = _labelled(line) if len(line) <= 80 and not footer.published_at else None
        footer.published_at = found.value if found else footer.published_at
    for line in lines:
        if len(line) > 200:
            continue
        footer.editor = footer.editor or people_names(_field(line, _EDITOR))
        footer.source = footer.source or outlet_name(_field(line, _SOURCE))
        footer.author = footer.author or people_names(_field(line, _AUTHOR))
    return footer


def is_header_line(text: str) -> bool:
    """A short line made of a date, labels and outlet names: no part of the article's prose."""
    if len(text) > 120:
        return False
    rest = text
    for found in reversed(list(find_dates(text))):
        rest = rest[: found.start] + " " + rest[found.end :]
    dated = rest != text
    labelled = bool(
        _SOURCE.search(rest)
        or _EDITOR.search(rest)
        or _AUTHOR.match(rest.strip())
        or re.search(
            r"(?:发布|发表|更新|发稿)?(?:时间|日期)\s*[:：]|浏览(?:次数|量)|字号|【字体|阅读量|点击数?\s*[:：]|发布\s*[:：]|来自\s*[:：]"
            r"|(?:点击|浏览|阅读|访问)(?:次数|数|量|率)?\s*[:：]",
            rest,
        )
    )
    if labelled and len(re.sub(r"\s", "", rest)) < 70 and not re.search(r"[。！？]", rest):
        return True
    return (
        dated
        and len(re.sub(r"[\s|丨｜:：()（）\[\]【】星期一二三四五六日]", "", rest)) <= 14
        and not re.search(r"[。，！？]", rest)
    )


def opens_with_date(text: str) -> bool:
    """A line such as ``2024-05-18 16:56 发布于某地 某某官方账号``: when, then where and by whom; no sentence."""
    found = next(find_dates(text), None)
    if found is None or found.start > 8 or re.search(r"[。，！？；]", text):
        return False
    return found.has_time and len(text) - found.end <= 24


def _best_date(lines: list[str]) -> str:
    """The first date with a time among short lines, else the first date."""
    plain = ""
    for line in lines:
        if len(line) > 160:
            continue
        found = _labelled_or_first(line)
        if found is None:
            continue
        if found.has_time:
            return found.value if not plain or plain == found.day else plain
        plain = plain or found.value
    return plain


def opening_date(lines: list[str]) -> str:
    """The date on a line of its own, or with an outlet, among the first lines of the body; '' where none is."""
    for line in lines[:OPENING_LINES]:
        found = next(find_dates(line), None) if len(line) <= 40 else None
        if found and is_header_line(line) and not _OTHER_TIME.search(line[: found.start]):
            return found.value
    return ""


def _labelled(line: str) -> FoundDate | None:
    """The date right after a publish-time label."""
    label = _PUBLISHED.search(line)
    found = find_date(line[label.end() :]) if label else None
    if label is None or found is None or found.start >= 6:
        return None
    return FoundDate(found.start + label.end(), found.end + label.end(), found.value)


def _labelled_or_first(line: str) -> FoundDate | None:
    """The date after a publish-time label, else the first one that is not an update time."""
    labelled = _labelled(line)
    if labelled:
        return labelled
    found = find_date(line)
    return None if found and _OTHER_TIME.search(line[: found.start]) else found


def _field(line: str, label: re.Pattern[str]) -> str:
    """The value that follows a label in a line, up to the next label, bracket or wide gap."""
    match = label.search(line)
    if not match:
        return ""
    if label is _AUTHOR and match.start() and re.match(r"[\u4e00-\u9fff]", line[match.start() - 1]):
        return ""
    value = line[match.end() :]
    end = _END.search(value)
    if end:
        value = value[: end.start()] if end.start() else ""
    for closer in _CLOSERS:
        position = value.find(closer)
        opener = {"）": "（", ")": "(", "】": "【", "]": "["}[closer]
        if position >= 0 and opener not in value[:position]:
            value = value[:position]
    dated = next(find_dates(value), None)
    if dated:
        value = value[: dated.start]
    value = value.strip(" \t|丨｜:：;；,，、-—>»·")
    if len(value) > 40 or (_JUNK_NAME.match(value) and value not in {"互联网", "转载"}):
        return ""
    return value


def people_names(value: str) -> str:
    """Names only: staff numbers cut off, and a value that reads like a sentence is no byline."""
    value = _CODE.sub("", value)
    if not value or len(value) > 30 or re.search(r"[。！？：:=]", value) or _OUTLET.match(value):
        return ""
    return value


def outlet_name(value: str) -> str:
    """The name of an outlet: what follows a space is a place, a channel or the next field."""
    value = re.sub(r"^本文(?:来源于|来自|来源)\s*", "", value)
    first = value.split()[0] if value.split() else ""
    return first if len(first) >= 2 and "=" not in first else ""


def _on_next_line(lines: list[str], label: re.Pattern[str]) -> str:
    """The outlet or public body on the line below a label that stands alone, as in the cells of a table."""
    for line, following in pairwise(lines):
        match = label.match(line.strip())
        if match and match.end() == len(line.strip()) and _OUTLET.match(following.strip()):
            return outlet_name(following.strip())
    return ""


def _account(lines: list[str], links: list[tuple[str, str]]) -> str:
    """The name linked to its own page of a publishing platform (/author/…, /media/…), shown on its own line."""
    shown = {line.strip() for line in lines}
    for href, text in links:
        name = text.strip()
        if 2 <= len(name) <= 14 and name in shown and _ACCOUNT.search(href) and not _NO_OUTLET.search(name):
            return outlet_name(name)
    return ""


def _unlabelled_source(lines: list[str], outlets: list[str]) -> str:
    """An outlet name beside the date, as in ``2024-05-20 13:09 某某新闻网``."""
    beside = ""
    for line in lines:
        if len(line) > 100:
            continue
        found = list(find_dates(line))
        if not found:
            continue
        rest = line[: found[0].start] + " | " + line[found[-1].end :]
        pieces = [p.strip("·-—") for p in re.split(r"[\s|丨｜:：>]+", rest)]
        for piece in pieces:
            if _OUTLET.match(piece):
                return outlet_name(piece)
        after = [p.strip("·-—") for p in re.split(r"[\s|丨｜>]+", line[found[-1].end :].strip(" |丨｜·"))]
        if not beside and after and _NAME.match(after[0]) and not _NO_OUTLET.search(after[0]):
            beside = after[0]
    # The first line is the headline itself.
    alone = [line for line in lines[1:] if len(line) <= 20]
    named = [name for name in [*outlets, *alone] if _OUTLET.match(name) and not _NO_OUTLET.search(name)]
    return named[0] if named else beside
