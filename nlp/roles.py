"""The role a team plays in a passage (domain.md §3.8, roles of an attribution), read off its nearest words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.leaders import role_through_leader
from nlp.surroundings import tagged

_FORMER_BEFORE = re.compile(r"(?:曾任|历任|曾在|原任|先后任|先后担任)[^。；]{0,6}$")
_DISCIPLINED_FORMER = re.compile(r"[^，。；]{0,4}原[^，。；]{0,12}(?:接受|涉嫌|被|严重)")
_QUOTED_BEFORE = re.compile(r"(?:据|记者从|获悉|消息来自|综合)$")
_QUOTED_AFTER = re.compile(
    r"(?:党组|党委)?(?:有关|相关)?(?:部门)?(?:新闻发言人|(?:主要|有关|相关)?负责人|工作人员)"
    r"[^，。；]{0,8}?(?:介绍|表示|说|透露|告诉|称|回应)|[^，。；]{0,4}(?:获悉|了解到|消息|"
    r"的数据显示|数据显示)|"
    r"[^，。；]{0,6}(?:测算|统计|监测|测评|调查)(?:数据|结果)?(?:显示|表明)"
)
_OBJECT_BEFORE = re.compile(
    r"(?:约谈|约谈了|进驻|巡视|巡察|督察|督查|督导|检查|考核|问责|点名|反馈|督办|"
    r"暗访|抽查|要求|责成|责令|督促|提醒)$"
)
_TOLD_AFTER = re.compile(r"[^，。；]{0,8}(?:反馈|移交|下发|发出|通报|印发|提出整改)")
_TREATED_AFTER = re.compile(r"[^。；]{0,40}(?:督办|督察|约谈|批评|处罚|问责|销号|核验|审计|巡视|巡察|检查|考核)")
_PRAISED_AFTER = re.compile(r"[^。；]{0,60}(?:予以|给予)[^，。；]{0,6}(?:表扬|表彰|嘉奖|肯定)")
_PRAISED_BEFORE = re.compile(r"(?:通报表扬|表扬|表彰|嘉奖)(?:了)?$")
_TAKES_AFTER = re.compile(
    r"[^，。；]{0,8}接受[^，。；]{0,14}(?:核验|检查|督察|督查|审计|巡视|巡察|验收|评估|考核|"
    r"约谈)"
)
_TOLD_TO = re.compile(r"[^。；]*，请(?:继续|抓紧|尽快|认真|切实|按)")
_OBJECT_AFTER = re.compile(
    r"(?:委|政府|区政府|县政府)?[^，。；]{0,6}(?:被约谈|被通报|被问责|被点名|被挂牌|被督办)|"
    r"(?:开展|进行)[^，。；]{0,6}(?:巡视|巡察|督察|审计|督查)|(?:委|政府)?(?:反馈|移交)"
)
_INSPECTS_AFTER = re.compile(r"[^，。；]{0,10}(?:检查|督查|暗访|抽查|抽检|通报|约谈|责令|发现|查处|立案|核查|审计)")
_RANK = re.compile(r"第(?P<k>\d+)[位名]")
_OF_ALL = re.compile(r"(?P<n>\d+)个[^，。；\d]{2,10}")
_IN_ALL = re.compile(r"共(?P<n>\d+)")
_SUPERVISES = re.compile(r"督导|督查|检查指导|指导工作")
# Who did the bad thing (DR5): a team that checks, fines or makes good is the actor, not the culprit.
_ENFORCES = re.compile(
    r"[^，。；]{0,16}(?:，[^，。；]{0,14}?|：[^。；]{0,40}?)?(?<!被)(?:查处|抽检|立案|通告|公告|"
    r"通报|责令|处罚|暗访|抽查|取缔|"
    r"打击|整治|检查|移送|追回|复核|排查|辟谣|发布情况说明|提醒|提示)"
)
_REMEDIES = re.compile(
    r"[^。；]{0,24}?(?:自查|自纠|取消|归还|追回|清退|整改措施已|已完成|已整改|已销号|逐条建账|"
    r"建立台账|对账销号|改为|"
    r"已开工|全部完成)"
)
_CULPRIT = re.compile(
    r"虚报|造假|未按|流于|不力|失察|滞后|超标|违规|停工|逾期|仍未|尚未|未完成|照抄|偏慢|偏低|不严|"
    r"不实|缺失|失守|"
    r"封而复开|弄虚作假|走过场|推诿|一刀切|落后|迟缓|违反|擅自|拖欠|倒数|批评|应付|敷衍|不作为|袒护|"
    r"包庇|徇私|枉法|"
    r"(?:审核|监管|把关|落实|处置)[^，。；]{0,4}(?:不严|不力|不到位|不及时)"
)
_FINDER = re.compile(r"指出|发现|认定|经查|查实|载明|披露|问题清单|通报[，：]")
_ADMITTED = re.compile(
    r"[^。；]{0,16}(?:负有[^，。；]{0,6}责任|履职不力|核实后承认|通报中承认|承认|"
    r"被[^，。；]{0,8}通报批评)|因[^，。；]{0,12}被[^，。；]{0,6}(?:点名|通报(?!表扬))"
)
_IN_ANSWER = re.compile(r"针对|对照|围绕|整改")
_NOT_DONE = re.compile(r"[不未没拒]|迟迟|疏于|怠于")
_LEADS_BEFORE = re.compile(r"牵头[^。；]*$")
_REPORTS_AFTER = re.compile(r"[^。；]{0,12}(?:作了?|进行|做了?)[^，。；]{0,6}(?:发言|交流|汇报)")
_SENT_AFTER = re.compile(r"[^。；]{0,12}(?:派出|增援|支援|赶赴|驰援|协助|抽调|调集)")
_SENT_TO_HELP = re.compile(r"[^。；]{0,6}派出[^。；]{0,28}(?:增援|支援|驰援|赶赴)")
_BODY_ACTS = re.compile(r"(?:迅速|立即|第一时间|连夜|已|随即)?(?:组织|启动|派出|调集|转移|封闭|开展|成立)")
_HELD_AFTER = re.compile(r"[^，。；]{0,6}(?:召开|举行|举办|开幕)")
_SUBJECT_BEFORE = re.compile(r"(?:^|[，。；：”）)日月年起讯]|近日|今年|目前|此外)$")
_RANKED_LOW = re.compile(r"第\d+[位名]|倒数|末位|垫底|排名靠后|黄牌|红牌")
_RUMOUR = re.compile(r"网传|网帖|爆料|网友质疑|传言|未经证实")
_ALLEGED = re.compile(r"网|质疑|举报|传|爆料|反映|投诉")
_FOUND = re.compile(
    r"认定|查实|属实|核实|发现|通报|指出|责令|问责|授意|违规|监管|失察|属地|责任|整改|"
    r"督察|审计|失职|不力|流于|停工|滞后|群众"
)
_AWARD = re.compile(r"授予|荣获|获得?[^，。；]{0,16}(?:称号|奖|荣誉)|先进集体|先进单位|表彰|称号")
_HOST_BEFORE = re.compile(r"(?:在|于)$")
_HOST_AFTER = re.compile(r"[^，。；]{0,12}(?:开幕|启幕|举办|举行|开赛|鸣枪)")
_HOST_SELF = re.compile(r"[^，。；]{0,6}(?:承办|主办|成功举办)")
_OCCURRED = re.compile(
    r"发生[^，。；]{0,8}(?:透水|事故|火灾|爆炸|坍塌|滑坡|泄漏|地震|山洪|险情|事件|疫情)|突发|透水|"
    r"(?:被困|受伤|遇难|死亡)|封闭|受灾"
)
_LOCATED_BEFORE = re.compile(r"(?:落户|位于|坐落于|坐落在|选址|落地|扎根|布局)(?:于|在)?$")
_TO_BEFORE = re.compile(r"(?:到|赴|来到|走进|深入|前往|莅临|在)$")
_VISIT_AFTER = re.compile(r"[^。；]{0,14}(?:调研|考察|走访|督导|检查|指导|慰问|观摩|学习考察|交流|察看|查看|看望)")
_COMES_BEFORE = re.compile(r"(?:到|赴|来到|走进|深入|前往|莅临)$")
_GOES_AFTER = re.compile(r"[^，。；]{0,6}(?:赴|到)[^。；]{0,12}(?:考察|学习|调研|招商)")
_UNDER_AFTER = re.compile(r"[^，。；]{0,6}(?:的)?(?:指导|推动|支持|配合|协助|帮助|关心)下")
_ASSIST_AFTER = re.compile(r"(?:、[^，。；]{1,20})?(?:等(?:部门|单位))?(?:配合|协助|协同|参与)")
_ASSIST_BEFORE = re.compile(r"(?:配合|协助|参与)$")
_ATTEND_AFTER = re.compile(
    r"[^。；]{0,40}(?:负责人|负责同志|相关人员|代表)[^，。；]{0,4}(?:参加|出席|列席|陪同)|"
    r"[^，。；]{0,8}(?:等(?:部门|单位)|单位)(?:参加|出席|列席)"
)
_BARE_FIGURE = re.compile(r"(?:同比|环比)?(?:增长|下降|上升|回落|增速)[^，。；]{0,6}\d")

IN_DOSSIER_ROLES = frozenset({"责任主体", "主体", "受表彰", "对象"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a team stands in the passage: its name [start, end), and where the unit named after it ends.

    `limit`: where the next other team begins; what is said after it is said of that one. `bodied`: named by its
    committee or government (长渚区委、区政府).
    """

    start: int
    end: int
    below: bool = False
    limit: int = 10**9
    bodied: bool = False


def team_role(
    passage: str, places: list[Place], alone: bool, label: str, sub_type: str | None, district: bool = True
) -> tuple[str, str]:
    """The role and the rule or words that decided it. `places` are in the passage; `alone`: no other team in it.

    `district`: the team has a territory, so that things may happen in it (属地).
    """
    votes = [_role_at(passage, p, alone, label, sub_type or "", district) for p in places]
    if label == "problem" and not _CULPRIT.search(passage):
        votes = [v for v in votes if v[1].startswith("负责人")] or votes  # quoted on it, not found at fault
    for role, why in votes:
        if why == _HAPPENED:
            return role, why
    for strong in ("责任主体", "受表彰", "对象", "主体", "承办", "属地", "出席", "参与", "信息来源"):
        for role, why in votes:
            if role == strong:
                return role, why
    return votes[0] if votes else ("仅提及", "T8")


_HAPPENED = "事件发生地"


def _role_at(text: str, place: Place, alone: bool, label: str, sub: str, district: bool) -> tuple[str, str]:
    before, after = text[max(0, place.start - 12) : place.start], text[place.end : place.end + 60]
    if _FORMER_BEFORE.search(before):
        return "仅提及", "曾任职务"
    if _DISCIPLINED_FORMER.match(after):
        return "仅提及", "涉及原任干部"
    led = None
    if not place.below:
        led = role_through_leader(text, place.start, place.end, label, _another_follows(text, place))
    if led is not None:
        return led
    if _TOLD_TO.match(text, place.end):
        return "对象", "通报考核对象"
    if label not in {"problem", "highlight"} and _blamed(text, place, label):
        return "责任主体", "文中认定的问题"
    if label == "irrelevant":
        return ("主体", "行为主体") if _is_subject(before, after, place) else ("仅提及", "无关内容")
    if label == "problem":
        return _problem_role(text, place, before, after, alone, sub)
    for found, role, why in _common(text, place, before, after, label, sub, alone, district):
        if found:
            return role, why
    if place.below:
        return ("主体", "下属单位成果") if label == "highlight" else ("仅提及", "T5")
    if label == "major_matter":
        if sub == "ZD4" or (not sub and _OCCURRED.search(after)):
            return _emergency_role(text, place, after, alone, district)
        if _HOST_BEFORE.search(before) and _HOST_AFTER.match(after):
            return "承办", "活动举办地"
    if (
        label == "routine"
        and sub in {"YB3", ""}
        and _BARE_FIGURE.search(after)
        and district
        and not re.search(r"将|力争", after)
    ):
        return "属地", "仅列数据"
    return "主体", "行为主体"


def _another_follows(text: str, place: Place) -> bool:
    return place.limit < len(text) and not re.search(r"[。；]", text[place.end : place.limit])


def _is_subject(before: str, after: str, place: Place) -> bool:
    """A clause begins with the team and goes on with a verb: then the passage is about its work after all."""
    if place.below or not _SUBJECT_BEFORE.search(before) or not after:
        return False
    word, tag = tagged(after[:8])[0]
    return tag[:1] in {"v", "p"} and word not in {"是", "有", "在"}


def _emergency_role(text: str, place: Place, after: str, alone: bool, district: bool) -> tuple[str, str]:
    if not district:  # a department has no territory
        joint = not alone or bool(_SENT_AFTER.match(after))
        return ("参与", "参与处置") if joint else ("主体", "处置主体")
    if place.bodied and _BODY_ACTS.match(after):
        return "主体", "处置主体"
    return "属地", _HAPPENED


def _below_upper_third(text: str, place: Place) -> bool:
    """列40个市直部门第20位: listed in the middle or lower, so the team is what the list assesses (DR2)."""
    sentence = max(text.rfind(mark, 0, place.start) for mark in "。；") + 1
    rank = _RANK.search(text, place.end, min(place.limit, place.end + 60))
    if rank is None or re.search(r"[。；]", text[place.end : rank.start()]):
        return False
    size = _OF_ALL.search(text, sentence, min(len(text), rank.end() + 14)) or _IN_ALL.search(text, rank.end())
    return size is not None and int(rank["k"]) * 3 > int(size["n"]) >= int(rank["k"])


def _common(
    text: str, place: Place, before: str, after: str, label: str, sub: str, alone: bool, district: bool
) -> list[tuple[bool, str, str]]:
    award = label == "highlight" and sub in {"LD2", ""} and bool(_AWARD.search(text))
    to = before.endswith("对")
    praised = bool(_PRAISED_BEFORE.search(before)) or (to and bool(_PRAISED_AFTER.match(after)))
    visited = bool(_TO_BEFORE.search(before)) and bool(_VISIT_AFTER.match(after)) and not _HELD_AFTER.match(after)
    inspected = bool(
        _OBJECT_BEFORE.search(before)
        or _OBJECT_AFTER.match(after)
        or _TAKES_AFTER.match(after)
        or (to and _TREATED_AFTER.match(after))
        or (before.endswith("向") and _TOLD_AFTER.match(after))
    )
    return [
        (bool(_UNDER_AFTER.match(after)), "参与", "P7"),
        (award or praised, "受表彰", "表彰荣誉"),
        (inspected, "对象", "被巡视督察约谈"),
        (
            bool(_QUOTED_BEFORE.search(before) or _QUOTED_AFTER.match(after)),
            *(("仅提及", "T5") if place.below else ("信息来源", "引用信息")),
        ),
        (bool(_ATTEND_AFTER.match(after)), "出席", "P7"),
        (bool(_TOLD_TO.match(text, place.end)) or _below_upper_third(text, place), "对象", "通报考核对象"),
        (
            visited and (label == "routine" or bool(_COMES_BEFORE.search(before))),
            *(("对象", "被督导检查") if _SUPERVISES.search(after[:20]) else ("属地", "调研所在地")),
        ),
        (bool(_GOES_AFTER.match(after)), "出席", "外出考察"),
        (bool(_LOCATED_BEFORE.search(before)), "属地", "项目所在地"),
        (bool(_HOST_SELF.match(after)), "承办", "承办活动"),
        (not district and bool(_SENT_TO_HELP.match(after)), "参与", "派员支援"),
        (bool(_ASSIST_BEFORE.search(before) or _ASSIST_AFTER.match(after)), "参与", "T6"),
        (not alone and bool(_LEADS_BEFORE.search(text, max(0, place.start - 80), place.start)), "参与", "T6"),
        (text.startswith("会上") and bool(_REPORTS_AFTER.match(after)), "参与", "会上交流"),
    ]


def _problem_role(text: str, place: Place, before: str, after: str, alone: bool, sub: str) -> tuple[str, str]:
    if _RUMOUR.search(text) or (sub == "WT15" and _ALLEGED.search(text)):
        return "对象", "网络质疑待核实"
    if not alone and _INSPECTS_AFTER.match(after) and not _OBJECT_BEFORE.search(before):
        return "主体", "检查通报单位"
    if _QUOTED_BEFORE.search(before) or _QUOTED_AFTER.match(after):
        return "信息来源", "引用信息"
    if not place.below and _acts_on_others(text, place, before):
        return "主体", "对他人的执法或整改举措（DR5）"
    if sub == "WT9" or _RANKED_LOW.search(text) or _OBJECT_BEFORE.search(before):
        return "对象", "被通报约谈"
    if place.below and not _FOUND.search(text):
        return "仅提及", "T5"
    return "责任主体", "T5" if place.below else "问题责任"


def _blamed(text: str, place: Place, label: str) -> bool:
    """An official finder before the name and a failure after it, whatever the passage is labelled."""
    sentence = max(text.rfind(mark, 0, place.start) for mark in "。；") + 1
    stop = re.search(r"[。；]", text[place.end :])
    rest = text[place.end : place.end + stop.start()] if stop else text[place.end :]
    rest = rest[: max(0, place.limit - place.end)]
    if _ADMITTED.match(rest):
        return True
    if label == "practice":  # 针对督察指出的……: the finding is only where the measure comes from
        if _IN_ANSWER.search(text, sentence, place.start):
            return False
        sentence = max(sentence, place.start - 14)
    return bool(_FINDER.search(text, sentence, place.start) and _CULPRIT.search(rest) and not _REMEDIES.match(rest))


def _acts_on_others(text: str, place: Place, before: str) -> bool:
    """The subject-object test (DR5): the team checks others or makes good, and nothing in the sentence blames it."""
    if before.endswith(("对", "被", "向", "由于", "因")) or _OBJECT_BEFORE.search(before):
        return False
    found = _ENFORCES.match(text, place.end) or _REMEDIES.match(text, place.end)
    stop = re.search(r"[。；]", text[place.end :])
    sentence = text[place.end : place.end + stop.start()] if stop else text[place.end :]
    return found is not None and not _NOT_DONE.search(found[0]) and not _CULPRIT.search(sentence)
