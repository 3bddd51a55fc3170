"""The title of a report from its first lines, for formats that do not mark one."""

from __future__ import annotations

import re

_KIND = (
    "通知|通报|报告|请示|批复|意见|方案|办法|决定|规定|细则|公告|通告|公报|总结|计划|要点|汇报|材料"
    "|说明|名单|函|纪要|清单|信息|简报|情况|制度|章程|公示|结果|表"
)
_TITLE = re.compile(rf"^(?!第.{{1,4}}[章节条])(?:关于)?.{{2,60}}(?:{_KIND})(?:[（(].{{1,20}}[）)])?$")
_SKIPPED = re.compile(
    r"^(?:附件\d*[:：]?|附[:：]?|[\d\s\-—–/.第页共]+|.{0,20}[〔\[（(]\d{4}[〕\]）)].{0,4}\d+\s*号.{0,20}|.{2,30}文件|密级.*|机密.*|内部.{0,6})$"
)


def guess_title(lines: list[str]) -> str:
    """The first of the opening lines that reads like the title of a document, else the first plain line.

    A title that the layout broke over two lines is joined again.
    """
    opening = [" ".join(line.split()) for line in lines if line.strip()][:12]
    for index, line in enumerate(opening):
        if len(line) > 70 or _SKIPPED.match(line):
            continue
        if _TITLE.match(line):
            return line
        joined = line + (opening[index + 1] if index + 1 < len(opening) else "")
        if len(joined) <= 80 and _TITLE.match(joined) and not re.search(r"[。；，,]", joined):
            return joined
    plain = next((line for line in opening if not _SKIPPED.match(line)), opening[0] if opening else "")
    return plain if len(plain) <= 80 else plain[:80]
