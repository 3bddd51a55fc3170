"""The role a team plays in a passage (domain.md §3.8, roles of an attribution), read off its nearest words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORMER_BEFORE = re.compile(r"(?:曾任|历任|曾在|原任|先后任|先后担任)[^。；]{0,6}$")
_DISCIPLINED_FORMER = re.compile(r"[^，。；]{0,4}原[^，。；]{0,12}(?:接受|涉嫌|被|严重)")
_QUOTED_BEFORE = re.compile(r"(?:据|记者从|获悉|消息来自|综合)$")
_QUOTED_AFTER = re.compile(r"(?:党组|党委)?(?:有关|相关)?(?:部门)?(?:新闻发言人|(?:主要|有关|相关)?负责人|工作人员)"
                           r"[^，。；]{0,8}?(?:介绍|表示|说|透露|告诉|称|回应)|[^，。；]{0,4}(?:获悉|了解到|消息|的数据显示|数据显示)")
_OBJECT_BEFORE = re.compile(r"(?:约谈|约谈了|进驻|巡视|巡察|督察|督查|督导|检查|考核|问责|点名|反馈|督办|"
                            r"暗访|抽查|向)$")
_OBJECT_AFTER = re.compile(r"(?:委|政府|区政府|县政府)?[^，。；]{0,6}(?:被约谈|被通报|被问责|被点名|被挂牌|被督办)|"
                           r"(?:开展|进行)[^，。；]{0,6}(?:巡视|巡察|督察|审计|督查)|(?:委|政府)?(?:反馈|移交)")
_INSPECTS_AFTER = re.compile(r"[^，。；]{0,10}(?:检查|督查|暗访|抽查|抽检|通报|约谈|责令|发现|查处|立案|核查|审计)")
_RANKED_LOW = re.compile(r"第\d+[位名]|倒数|末位|垫底|排名靠后|黄牌|红牌")
_RUMOUR = re.compile(r"网传|网帖|爆料|网友质疑|传言|未经证实")
_FOUND = re.compile(r"认定|查实|属实|核实|发现|通报|指出|责令|问责|授意|违规|监管|失察|属地|责任|整改|"
                    r"督察|审计|失职|不力|流于|停工|滞后|群众")
_AWARD = re.compile(r"授予|荣获|获得?[^，。；]{0,16}(?:称号|奖|荣誉)|先进集体|先进单位|表彰|称号")
_HOST_BEFORE = re.compile(r"(?:在|于)$")
_HOST_AFTER = re.compile(r"[^，。；]{0,12}(?:开幕|启幕|举办|举行|开赛|鸣枪)")
_HOST_SELF = re.compile(r"[^，。；]{0,6}(?:承办|主办|成功举办)")
_OCCURRED = re.compile(r"发生[^，。；]{0,8}(?:透水|事故|火灾|爆炸|坍塌|滑坡|泄漏|地震|山洪|险情|事件|疫情)|突发|透水|"
                       r"(?:被困|受伤|遇难|死亡)|封闭|受灾")
_LOCATED_BEFORE = re.compile(r"(?:落户|位于|坐落于|坐落在|选址|落地|扎根|布局)(?:于|在)?$")
_TO_BEFORE = re.compile(r"(?:到|赴|来到|走进|深入|前往|莅临|在)$")
_VISIT_AFTER = re.compile(r"[^。；]{0,14}(?:调研|考察|走访|督导|检查指导|指导|慰问|观摩|学习考察|交流)")
_GOES_AFTER = re.compile(r"[^，。；]{0,6}(?:赴|到)[^。；]{0,12}(?:考察|学习|调研|招商)")
_UNDER_AFTER = re.compile(r"[^，。；]{0,6}(?:的)?(?:指导|推动|支持|配合|协助|帮助|关心)下")
_ASSIST_AFTER = re.compile(r"(?:、[^，。；]{1,20})?(?:等(?:部门|单位))?(?:配合|协助|协同|参与)")
_ASSIST_BEFORE = re.compile(r"(?:配合|协助|参与)$")
_ATTEND_AFTER = re.compile(r"[^。；]{0,40}(?:负责人|负责同志|相关人员|代表)[^，。；]{0,4}(?:参加|出席|列席|陪同)|"
                           r"[^，。；]{0,8}(?:等(?:部门|单位)|单位)(?:参加|出席|列席)")
_LEADER_TITLE = re.compile(r"(?:区|县|市|旗)?(?:委|政府|人民政府|党工委|管委会|党组|党委|工委)?(?:副?书记|常委|"
                           r"[副代]?(?:区|县|市|旗|局)?长|副?主任|副?部长|主要负责人|主要领导|主席)[、\u4e00-\u9fff]{0,18}?")
_LEADER_VISITS = re.compile(_LEADER_TITLE.pattern + r"(?:到|赴|来到|深入|走访|调研|出席|参加|慰问|会见|考察|察看|"
                            r"检查|督导|带队|率队|主持)")
_LEADER_SAYS = re.compile(_LEADER_TITLE.pattern + r"(?:表示|说|介绍|指出|强调|要求|坦言|告诉|接受[^，。]{0,6}采访)")
_BARE_FIGURE = re.compile(r"(?:同比|环比)?(?:增长|下降|上升|回落|增速)[^，。；]{0,6}\d")

IN_DOSSIER_ROLES = frozenset({"责任主体", "主体", "受表彰", "对象"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a team stands in the passage: its name [start, end), and where the unit named after it ends."""

    start: int
    end: int
    below: bool = False


def team_role(passage: str, places: list[Place], alone: bool, label: str, sub_type: str | None) -> tuple[str, str]:
    """The role and the rule or words that decided it. `places` are in the passage; `alone`: no other team in it."""
    votes = [_role_at(passage, p, alone, label, sub_type or "") for p in places]
    for strong in ("责任主体", "受表彰", "对象", "主体", "承办", "属地", "出席", "参与", "信息来源"):
        for role, why in votes:
            if role == strong:
                return role, why
    return votes[0] if votes else ("仅提及", "T8")


def _role_at(text: str, place: Place, alone: bool, label: str, sub: str) -> tuple[str, str]:
    before, after = text[max(0, place.start - 12):place.start], text[place.end:place.end + 60]
    if _FORMER_BEFORE.search(before):
        return "仅提及", "曾任职务"
    if label == "irrelevant":
        return "仅提及", "无关内容"
    if _DISCIPLINED_FORMER.match(after):
        return "仅提及", "涉及原任干部"
    if label == "problem":
        return _problem_role(text, place, before, after, alone, sub)
    for found, role, why in _common(text, before, after, label, sub):
        if found:
            return role, why
    if place.below:
        return ("主体", "下属单位成果") if label == "highlight" else ("仅提及", "T5")
    if label == "major_matter":
        if sub == "ZD4" or (not sub and _OCCURRED.search(after)):
            return "属地", "事件发生地"
        if _HOST_BEFORE.search(before) and _HOST_AFTER.match(after):
            return "承办", "活动举办地"
    if label == "routine" and sub in {"YB3", ""} and _BARE_FIGURE.search(after) and not re.search(r"将|力争", after):
        return "属地", "仅列数据"
    return "主体", "行为主体"


def _common(text: str, before: str, after: str, label: str, sub: str) -> list[tuple[bool, str, str]]:
    award = label == "highlight" and sub in {"LD2", ""} and bool(_AWARD.search(text))
    visited = bool(_TO_BEFORE.search(before)) and bool(_VISIT_AFTER.match(after))
    return [
        (bool(_UNDER_AFTER.match(after)), "参与", "P7"),
        (award, "受表彰", "表彰荣誉"),
        (bool(_OBJECT_BEFORE.search(before) or _OBJECT_AFTER.match(after)), "对象", "被巡视督察约谈"),
        (bool(_QUOTED_BEFORE.search(before) or _QUOTED_AFTER.match(after)), "信息来源", "引用信息"),
        (bool(_ATTEND_AFTER.match(after)), "出席", "P7"),
        (visited and label == "routine", "对象", "被调研"),
        (bool(_LEADER_VISITS.match(after)) and label == "routine", "出席", "负责人出席"),
        (bool(_GOES_AFTER.match(after)), "出席", "外出考察"),
        (bool(_LEADER_SAYS.match(after)) and label in {"routine", ""}, "信息来源", "负责人讲话"),
        (bool(_LOCATED_BEFORE.search(before)), "属地", "项目所在地"),
        (bool(_HOST_SELF.match(after)), "承办", "承办活动"),
        (bool(_ASSIST_BEFORE.search(before) or _ASSIST_AFTER.match(after)), "参与", "T6"),
    ]


def _problem_role(text: str, place: Place, before: str, after: str, alone: bool, sub: str) -> tuple[str, str]:
    if sub == "WT15" or _RUMOUR.search(text):
        return "对象", "网络质疑待核实"
    if not alone and _INSPECTS_AFTER.match(after) and not _OBJECT_BEFORE.search(before):
        return "主体", "检查通报单位"
    if _QUOTED_BEFORE.search(before) or _QUOTED_AFTER.match(after):
        return "信息来源", "引用信息"
    if sub == "WT9" or _RANKED_LOW.search(text) or _OBJECT_BEFORE.search(before):
        return "对象", "被通报约谈"
    if place.below and not _FOUND.search(text):
        return "仅提及", "T5"
    return "责任主体", "T5" if place.below else "问题责任"
