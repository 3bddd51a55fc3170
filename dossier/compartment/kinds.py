"""The four kinds of important matter, their minimal fields, and the deadlines (domain.md §1.11 b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dossier.compartment.wording import refuse_diagnosis, refuse_statutory
from storage.errors import ShijiError
from storage.settings import CHINA

DUTIES, ILLNESS, FAMILY, DISCIPLINE = "分工调整", "重大疾病", "家庭变化", "违纪调查"
KINDS = (DUTIES, ILLNESS, FAMILY, DISCIPLINE)
URGENT = ("严重病情", "失联", "非正常死亡")
FAMILY_KINDS = ("婚姻", "丧亲", "子女重大变故", "其他")
EFFECTS = ("不影响", "部分影响", "暂不能履职")
STAGES = ("初步核实", "立案审查调查", "采取留置措施", "已作出处理")
BY_LEADER, BY_DEPUTY, BY_DISCIPLINE = "单位主要负责人签报", "班子副职直接报", "派驻纪检组直接报"
CHANNELS = (BY_LEADER, BY_DEPUTY, BY_DISCIPLINE)
LIMIT, URGENT_LIMIT = timedelta(hours=24), timedelta(hours=3)
_LONG = 300


@dataclass(frozen=True)
class MatterData:
    """What a unit reports. `hour` empty: only the day is known. There is no field for a diagnosis.

    `fact`: one paragraph, for 分工调整 and 重大疾病 only. 家庭变化 has its category, 违纪调查 deciding body, stage and
    whether it is public; what it is about stays with 纪检.
    """

    kind: str
    cadre_id: str
    team_id: str
    occurred_on: date
    occurred_hour: str = ""  # 20:30
    fact: str = ""
    effect: str = "不影响"
    expected: str = ""  # how long
    measures: str = ""
    signer: str = ""
    reporter: str = ""
    channel: str = BY_LEADER
    urgent: str = ""
    family_kind: str = ""
    body: str = ""
    stage: str = ""
    public: bool = False
    cadre_name: str = ""  # of a member who stands in no roster; then without `cadre_id`

    def as_dict(self) -> dict[str, str | bool]:
        """Plain values for sealing."""
        return {**self.__dict__, "occurred_on": self.occurred_on.isoformat()}


def data_of(values: dict[str, object]) -> MatterData:
    """The data as it was sealed."""
    known = {k: v for k, v in values.items() if k in MatterData.__dataclass_fields__}
    return MatterData(**{**known, "occurred_on": date.fromisoformat(str(known["occurred_on"]))})  # type: ignore[arg-type]


def occurred_at(data: MatterData) -> datetime:
    """The moment it happened (China time); the end of the day where only the day is known, in the unit's favour."""
    if not data.occurred_hour:
        return datetime.combine(data.occurred_on, time(23, 59, 59), CHINA)
    return datetime.combine(data.occurred_on, time.fromisoformat(data.occurred_hour), CHINA)


def deadline(data: MatterData) -> datetime:
    """24 hours after it happened, 3 hours for 严重病情, 失联, 非正常死亡."""
    return occurred_at(data) + (URGENT_LIMIT if data.urgent else LIMIT)


def lateness(data: MatterData, reported_at: datetime) -> timedelta:
    """How long after the deadline it was reported; nothing when in time. Late is not misconduct."""
    return max(timedelta(), reported_at - deadline(data))


def lateness_text(late: timedelta) -> str:
    """按时, or by how much it was late, in words that blame nobody."""
    if not late:
        return "按时"
    hours = -(-late // timedelta(hours=1))
    return f"超过时限{hours // 24}天{hours % 24}小时" if hours >= 24 else f"超过时限{hours}小时"


def check(data: MatterData, title: str = "") -> None:
    """The minimal fields of the kind, and nothing beyond. Raises MATTER-*."""
    refuse_statutory(title)
    _choice(data.kind, KINDS, "报告事项类别")
    _choice(data.effect, EFFECTS, "对履职影响")
    _choice(data.channel, CHANNELS, "报告渠道")
    _choice(data.urgent, ("", *URGENT), "紧急情形")
    if data.occurred_hour:
        try:
            time.fromisoformat(data.occurred_hour)
        except ValueError as bad:
            raise _wrong("发生时间的钟点无法识别", "发生时间", "请按 20:30 的形式填写，或留空。") from bad
    for name, text in (("基本情况", data.fact), ("拟采取的措施", data.measures), ("预计时长", data.expected)):
        if len(text) > _LONG:
            raise _wrong(f"{name}过长", name, f"请控制在{_LONG}字以内，一段写明。")
        refuse_statutory(text)
        refuse_diagnosis(text, name, of_person=data.kind == DUTIES)
    if not data.signer.strip() or not data.reporter.strip():
        raise _wrong("须填写报告人和签报人", "签报", "请填写单位授权的报告人和签报领导。")
    _check_kind(data)


def _check_kind(data: MatterData) -> None:
    has_fact = bool(data.fact.strip())
    if data.kind in (DUTIES, ILLNESS) and not has_fact:
        raise _wrong("须用一段话写明基本情况", "基本情况", "请写明事实，不作评价。")
    if data.kind in (FAMILY, DISCIPLINE) and has_fact:
        what = "只选类别，不写详情" if data.kind == FAMILY else "案情由纪检监察机关掌握，这里不写"
        raise _wrong(f"{data.kind}不填写基本情况", "基本情况", f"{what}，请删去。")
    if data.kind == FAMILY:
        _choice(data.family_kind, FAMILY_KINDS, "家庭变化类别")
    elif data.family_kind:
        raise _wrong("只有家庭变化填写该类别", "家庭变化类别", "请留空。")
    if data.kind == DISCIPLINE:
        _choice(data.stage, STAGES, "所处阶段")
        if not data.body.strip():
            raise _wrong("须填写作出决定的机关", "决定机关", "")
    elif data.body or data.stage:
        raise _wrong("只有违纪调查填写决定机关和阶段", "决定机关", "请留空。")
    if data.urgent and data.kind not in (ILLNESS, DISCIPLINE, FAMILY):
        raise _wrong("分工调整没有紧急情形", "紧急情形", "请留空。")


def _choice(value: str, allowed: tuple[str, ...], name: str) -> None:
    if value not in allowed:
        raise _wrong(f"{name}不可用", name, f"可选：{'、'.join(x for x in allowed if x)}。")


def _wrong(message: str, where: str, action: str) -> ShijiError:
    return ShijiError("MATTER-FIELD", message, where, action)
