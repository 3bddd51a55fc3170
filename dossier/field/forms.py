"""The forms of the six channels 听 看 查 谈 访 调: which fields each asks for, which of them it cannot do without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.scrub import scrub
from storage.errors import ShijiError

INQUIRIES = ("电话询访", "一线暗访", "群众随访")
CONFIRMED = ("已签认", "未签认")
TWO = 2
LONGEST = 2000
# a question that carries its answer is no inquiry
_LEADING = re.compile(r"难道|是不是[觉认]|你不觉得|你不认为|是否也认为|应该是.{0,12}吧")


@dataclass(frozen=True)
class FieldSpec:
    """One field of a form. options: fixed answers; whole: a whole number from 1."""

    key: str
    name: str
    needed: bool = True
    options: tuple[str, ...] = ()
    whole: bool = False
    long: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """A channel's form. said: name of the summary; officers: fewest officers to be named."""

    name: str
    said: str
    fields: tuple[FieldSpec, ...]
    officers: int = 0
    self_reported: bool = False


FORMS: dict[str, Form] = {
    "听": Form("汇报记录", "汇报要点", (
        FieldSpec("reporter", "汇报人", hint="单位、职务、姓名"),
        FieldSpec("attendees", "参加人员"),
        FieldSpec("claims", "汇报事项清单", long=True, hint="每行一项"),
    ), self_reported=True),
    "看": Form("实地察看", "看到的事实", (
        FieldSpec("place", "地点"),
        FieldSpec("project", "项目或点位"),
        FieldSpec("photo", "照片编号", needed=False, hint="由察看人员拍摄，不得要求单位提供"),
    ), officers=TWO),
    "查": Form("查阅资料", "查阅结论", (
        FieldSpec("document", "资料名称"),
        FieldSpec("number", "文号或日期"),
        FieldSpec("page", "页码"),
        FieldSpec("extract", "摘录", long=True),
        FieldSpec("scan", "扫描件编号", needed=False),
    ), officers=1),
    "谈": Form("个别谈话", "主要说法", (
        FieldSpec("interviewee", "谈话对象类别", hint="如班子成员、中层干部、代表委员；不写群众姓名"),
        FieldSpec("topics", "谈话内容"),
        FieldSpec("confirmation", "本人签认", options=CONFIRMED),
    ), officers=TWO),
    "访": Form("电话询访、暗访、随访", "了解到的情况", (
        FieldSpec("channel", "方式", options=INQUIRIES),
        FieldSpec("respondents", "受访人数", whole=True),
        FieldSpec("questions", "中性问题清单", long=True, hint="每行一问，不得诱导"),
    ), officers=1),
    "调": Form("数据调阅", "数据反映的情况", (
        FieldSpec("provider", "提供单位"),
        FieldSpec("table", "表名"),
        FieldSpec("scope", "口径"),
        FieldSpec("receipt", "回执编号"),
    ), officers=1),
}  # fmt: skip


def form_of(channel: str) -> Form:
    """The form of a channel. Raises RECORD-CHANNEL."""
    if channel not in FORMS:
        raise ShijiError(
            "RECORD-CHANNEL", f"没有这种核查方式：{channel[:10]}", "核查记录", "请选择听、看、查、谈、访、调。"
        )
    return FORMS[channel]


def filled(channel: str, given: Mapping[str, str], summary: str) -> dict[str, str]:
    """The form's fields as they are kept. Raises RECORD-EMPTY, -FIELD, -LONG, -QUESTION, -CITIZEN."""
    form = form_of(channel)
    where = f"{channel}（{form.name}）"
    if not summary.strip():
        raise ShijiError("RECORD-EMPTY", "核查记录没有内容", where, f"请写明{form.said}。")
    kept = {}
    for spec in form.fields:
        text = str(given.get(spec.key, "")).strip()
        if not text:
            if spec.needed:
                raise ShijiError("RECORD-FIELD", f"缺少“{spec.name}”", where, spec.hint or f"请填写{spec.name}。")
            continue
        if spec.options and text not in spec.options:
            known = f"可选：{'、'.join(spec.options)}。"
            raise ShijiError("RECORD-FIELD", f"“{spec.name}”不可用：{text[:20]}", where, known)
        if spec.whole and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100_000):
            raise ShijiError("RECORD-FIELD", f"“{spec.name}”应为正整数：{text[:20]}", where, "请填写人数。")
        kept[spec.key] = text
    if any(len(text) > LONGEST for text in (*kept.values(), summary)):
        raise ShijiError("RECORD-LONG", f"单项内容超过 {LONGEST} 字", where, "请摘要填写，全文作附件留存。")
    if channel == "访":
        _check_questions(kept["questions"], where)
    if channel in ("访", "谈"):
        _check_citizens((*kept.values(), summary), where)
    return kept


def named_officers(channel: str, names: Sequence[str]) -> list[str]:
    """The officers, each once; as many as the channel asks for. Raises RECORD-OFFICERS."""
    form = form_of(channel)
    kept = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(kept) < form.officers:
        raise ShijiError(
            "RECORD-OFFICERS", f"{form.name}须有 {form.officers} 名以上工作人员", f"{channel}（{form.name}）",
            "请填写工作人员姓名，用顿号隔开。",
        )  # fmt: skip
    return kept


def split_names(text: str) -> list[str]:
    """Names as typed: 苏禾、季明川 or one a line."""
    return [name for name in re.split(r"[、，,;；\s]+", text) if name]


def _check_questions(questions: str, where: str) -> None:
    for line in questions.splitlines():
        if found := _LEADING.search(line):
            raise ShijiError("RECORD-QUESTION", f"问题带有诱导：“{found.group()}”", where, "请改为中性提问。")


def _check_citizens(texts: Sequence[str], where: str) -> None:
    """No identity of a member of the public, in whatever field (§1.2, red line 4)."""
    for text in texts:
        if scrub(text).text != text:
            raise ShijiError(
                "RECORD-CITIZEN", "记录含有群众身份或联系方式", where, "请删去姓名、电话、住址，只写人数和情况。"
            )
