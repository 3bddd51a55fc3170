"""What an important matter must not hold: a diagnosis, the statutory 个人有关事项 (domain.md §1.11 b, §2.1)."""

from __future__ import annotations

import re

from collector.statutory import is_statutory
from storage.errors import ShijiError

_ILLNESSES = [
    "癌",
    "肿瘤",
    "白血病",
    "心梗",
    "心肌梗",
    "脑梗",
    "脑溢血",
    "中风",
    "冠心病",
    "糖尿病",
    "高血压",
    "尿毒症",
    "肝炎",
    "肺炎",
    "抑郁",
    "焦虑症",
    "精神分裂",
    "躁狂",
    "艾滋",
    "结核",
    "帕金森",
    "阿尔茨海默",
    "痴呆",
    "癫痫",
    "骨折",
    "结石",
    "衰竭",
    "综合征",
    "综合症",
    "硬化",
    "囊肿",
    "息肉",
    "血栓",
    "动脉瘤",
    "脑瘤",
    "腺瘤",
]
_SIGNS = [
    "确诊",
    "诊断",
    "病理",
    "化疗",
    "放疗",
    "透析",
    "支架",
    "搭桥",
    "核磁",
    "病历",
    "病案",
    "住院号",
    "转移灶",
    "CT",
]
_PATTERNS = (
    re.compile("|".join(map(re.escape, (*_ILLNESSES, *_SIGNS)))),
    re.compile(r"患(?:有|上|了)?[^，。；、]{0,8}?(?:病|症)(?!假|房|区|休)"),
    re.compile(r"(?:胃|肠|肾|肝|胰|胆囊|心肌|脑膜|关节|阑尾|支气管|鼻|咽)炎"),
    re.compile(r"(?<![A-Za-z0-9])[A-TV-Z]\d{2}\.\d{1,2}(?![0-9])"),  # ICD-10
    re.compile(r"(?:瘤|癌|梗死|梗塞|出血)(?:[ⅠⅡⅢⅣI]+期|[一二三四早中晚]期)?"),
)
_OF_A_PERSON = re.compile(r"患(?:有|上|了)?[^，。；、]{0,8}?(?:病|症|癌|瘤)|确诊|诊断为|因.{0,4}(?:癌|瘤|梗)")
ADVICE = "请删去病名和诊疗细节，只写对履职的影响，例如：“因病住院，暂不能履职，预计两个月”。"


def refuse_diagnosis(text: str, where: str, of_person: bool = False) -> None:
    """Refuse text that looks like a diagnosis. The words found are not repeated. Raises MATTER-DIAGNOSIS.

    `of_person`: only where somebody is said to be ill, since a division of labour may name 肿瘤防治 as a field of work.
    """
    found = bool(_OF_A_PERSON.search(re.sub(r"\s+", "", text))) if of_person else looks_like_diagnosis(text)
    if found:
        raise ShijiError("MATTER-DIAGNOSIS", "内容疑似含有病名或诊断，不能保存", where, ADVICE)


def looks_like_diagnosis(text: str) -> bool:
    """Whether a text names an illness or a finding of medicine."""
    plain = re.sub(r"\s+", "", text)
    return any(pattern.search(plain) for pattern in _PATTERNS)


def refuse_statutory(title: str) -> None:
    """Refuse by title. Raises MATTER-STATUTORY; nothing is kept."""
    if is_statutory(title):
        raise ShijiError(
            "MATTER-STATUTORY", "“领导干部报告个人有关事项”不在本系统收取，文件未留存", "标题",
            "请按《领导干部报告个人有关事项规定》的专门渠道办理。",
        )  # fmt: skip
