"""The field's fixed words: topics, sub-types, states, roles, channels (domain.md §2.5, §3.2-3.3, §3.8)."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "practice": "做法",
    "highlight": "亮点",
    "major_matter": "重大事项",
    "problem": "问题",
    "routine": "一般动态",
    "irrelevant": "无关",
}
TOPIC_CODES: dict[str, str] = {
    "ZF": "practice",
    "LD": "highlight",
    "ZD": "major_matter",
    "WT": "problem",
    "YB": "routine",
    "NA": "irrelevant",
}
DOSSIER_TOPICS = ("practice", "highlight", "major_matter", "problem")

SUB_TYPES: dict[str, str] = {
    "ZF1": "机制制度创新", "ZF2": "推进举措与方法", "ZF3": "服务流程优化", "ZF4": "改革试点实施",
    "ZF5": "党建与队伍建设", "ZF6": "数字化手段", "ZF7": "协同联动", "ZF8": "整改推进措施",
    "LD1": "排名位次", "LD2": "表彰荣誉", "LD3": "试点、示范获批", "LD4": "首创首例", "LD5": "经验推广、上级肯定",
    "LD6": "项目落地投产见效", "LD7": "指标、民生实效", "LD8": "应急处置获认可", "LD9": "整改销号验收",
    "ZD1": "人事调整、分工", "ZD2": "重大项目", "ZD3": "重大决策、规划、机构区划", "ZD4": "突发事件",
    "ZD5": "巡视巡察督察审计", "ZD6": "重大活动承办", "ZD7": "重大疾病、家庭变化", "ZD8": "违纪违法调查处理",
    "ZD9": "上级约谈、重大诉讼",
    "WT1": "安全生产", "WT2": "生态环保", "WT3": "债务财政", "WT4": "营商环境", "WT5": "作风与形式主义",
    "WT6": "腐败违纪", "WT7": "民生投诉", "WT8": "统计、数据造假", "WT9": "督查通报、排名靠后", "WT10": "项目滞后烂尾",
    "WT11": "市场监管、食药", "WT12": "教育医疗公共服务", "WT13": "信访稳定", "WT14": "耕地与自然资源",
    "WT15": "网络质疑（待核实）",
    "YB1": "会议学习", "YB2": "领导调研走访", "YB3": "常规活动", "YB4": "计划部署", "YB5": "政策解读、提示",
    "YB6": "气象交通等信息", "YB7": "理论评论文章",
}  # fmt: skip
RESTRICTED_SUB_TYPES = frozenset({"ZD7", "ZD8"})  # domain.md §2.8 R-04, §5.7 S19

PENDING = "待确认"
ADOPTED = "已采用"
TO_VERIFY = "待核实"
VERIFYING = "核实中"
VERIFIED = "已核实"
PARTLY = "部分属实"
UNTRUE = "不属实"
UNVERIFIABLE = "无法核实"
REJECTED = "不采用"
CORRECTED = "已更正"
WITHDRAWN = "已撤回"
STATES = (
    PENDING,
    ADOPTED,
    TO_VERIFY,
    VERIFYING,
    VERIFIED,
    PARTLY,
    UNTRUE,
    UNVERIFIABLE,
    REJECTED,
    CORRECTED,
    WITHDRAWN,
)
CONCLUSIONS = (VERIFIED, PARTLY, UNTRUE, UNVERIFIABLE)
ESTABLISHED = (VERIFIED, PARTLY)  # may stand as fact
SHOWN = (ADOPTED, VERIFIED, PARTLY)  # default dossier view; ADOPTED never for 问题

CHANNEL_NAMES: dict[str, str] = {
    "听": "听取汇报", "看": "实地察看", "查": "查阅资料", "谈": "个别谈话", "访": "电话询访、暗访、随访",
    "调": "数据调阅",
}  # fmt: skip
CHANNELS = tuple(CHANNEL_NAMES)
DOSSIER_ROLES = frozenset({"责任主体", "主体", "受表彰", "对象", "属地", "承办", "参与", "本单位", "本人", "处分对象"})
ROLES = ("责任主体", "主体", "参与", "承办", "受表彰", "对象", "属地", "出席", "信息来源", "仅提及")
CADRE_ROLES = ("主体", "参与", "出席", "信息来源", "对象", "处分对象", "本人", "仅提及")
LENIENCY = ("不涉及", "拟容错", "已容错", "不予容错")


def topic_name(label: str) -> str:
    """Chinese name of a topic code such as ``practice``."""
    return TOPICS.get(label, label)


def belongs(sub_type: str, label: str) -> bool:
    """Whether a sub-type code exists and is of this topic."""
    return sub_type in SUB_TYPES and TOPIC_CODES[sub_type[:2]] == label


def is_adverse(label: str, sub_type: str) -> bool:
    """Whether an item is adverse to its team: 问题, a discipline case or a summons (domain.md §2.5 tier A)."""
    return label == "problem" or sub_type in {"ZD8", "ZD9"}
