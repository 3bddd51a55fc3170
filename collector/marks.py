"""What the marks on a document say to an officer: reading codes in words."""

from __future__ import annotations

_WORDS = {
    "PAGE-DOUBTFUL": "正文提取结果不确定，请对照原文",
    "PAGE-CHECKED": "正文提取结果不确定，已由人工核对",
    "PAGE-PART-MISSING": "文章后续分页未能取得，请对照原文",
    "PAGE-NO-TITLE": "网页未写明标题",
    "PAGE-NO-DATE": "网页未写明发布时间",
    "TITLE-FROM-LIST": "标题取自栏目页，正文页未写明",
    "DATE-FROM-LIST": "发布时间取自栏目页，正文页未写明",
    "REPORT-NO-DATE": "材料未写明日期",
    "REPORT-DATE-APPROXIMATE": "材料未写明日期，仅由文号推知年份，所示日期不准确",
    "SUBMITTER-UNKNOWN": "收件子文件夹不是名册中的单位，报送单位不明",
    "READ-NEEDS-OCR": "以下页面没有文字，未能读取，页码",
    "READ-OCR": "以下页面由图片识别而来，人名和数字请对照原件，页码",
    "READ-PAGES-CUT": "页数超过上限，后面的页面未读取（已读/总数）",
    "READ-HIDDEN-SHEET": "含隐藏工作表",
    "READ-TRACKED-CHANGES": "原文件含修订痕迹，已按接受修订后的文字读取",
    "READ-MACROS": "原文件含宏，未予执行",
    "READ-ATTACHMENT": "附件未能读取",
    "READ-CHARSET": "部分文字因编码问题丢失，请索取原文件",
    "READ-EMPTY": "文件中没有文字",
}


def in_words(mark: str) -> str:
    """The Chinese words for a mark such as ``READ-OCR: 1,2``; a mark that is not known is shown as it is."""
    code, _, details = mark.partition(": ")
    words = _WORDS.get(code)
    if words is None:
        return mark
    return f"{words}：{details}" if details else words
