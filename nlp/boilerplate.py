"""What reprints add around the same text: agency lead-ins, editors' lines, source lines. Removed before comparing."""

from __future__ import annotations

import re
import unicodedata

_LEAD = re.compile(
    r"^\s*(?:[（(]?(?:本报|本网|本台)[^，。\n]{0,12}(?:讯|消息|报道)[）)]?|"
    r"[\u4e00-\u9fff]{1,12}(?:社|网|报|发布|客户端)[^，。\n]{0,24}?(?:电|讯|消息)(?:[（(][^）)\n]{1,12}[）)])?[：:]?"
    r"|[【\[][^】\]\n]{1,20}[】\]])\s*(?:[（(][^）)\n]{0,40}(?:记者|通讯员|见习)[^）)\n]{0,40}[）)])?\s*(?:[—-]+)?"
)
_BYLINE = re.compile(r"^[（(]?(?:(?:本报|全媒体|见习|特约|首席)?记者|通讯员)[^，。\n]{1,30}$", re.M)
_TAIL_LINE = re.compile(
    r"^\s*[（(\[【]?\s*(?:责任编辑|责编|编辑|校对|审核|监制|来源|作者|原标题|文字|图片|摄影|"
    r"版权|声明|转自|终审|编审|一审|二审|三审|供稿|投稿|附件|扫一扫|点击|分享到|上一篇|下一篇|打印|关闭)"
    r"[^\n]{0,60}$",
    re.M,
)
_NO_LETTER = re.compile(r"[\W_]+")
_TAIL_NOTE = re.compile(r"[（(](?:记者|通讯员|责编|责任编辑|编辑|来源|完)[^）)\n]{0,40}[）)]\s*$")


def strip_boilerplate(text: str) -> str:
    """The text without agency lead-ins, bylines, and editors' or source lines."""
    text = _TAIL_LINE.sub("", text)
    text = _BYLINE.sub("", text).strip()
    text = _LEAD.sub("", text, count=1)
    return _TAIL_NOTE.sub("", text).strip()


def letters_only(text: str) -> str:
    """NFKC letters and digits, lower case: the key by which copies are compared."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).lower())
