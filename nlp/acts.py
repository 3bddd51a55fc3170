"""What a cadre does in a sentence (P7, P9): speaks, attends, acts, is the object, or is only named."""

from __future__ import annotations

import re

_SAYS = re.compile(
    r"(?:等)?[^，。；]{0,18}?(?:表示|说(?![明服])|介绍|指出|坦言|告诉|称(?![号职])|回应|"
    r"(?<![误被])认为|透露|建议|回忆|回复|谈到|解释|承认|"
    r"接受[^，。]{0,8}采访)"
)
_APPOINTED = re.compile(r"(?:同志)?(?:任(?!务|何)|担任|当选|为(?!了)|被?任命|提名|拟任|不再担任|兼任|到任)")
_COMMANDS = re.compile(r"[^，。；]{0,6}?担任[^，。；]{0,12}(?:指挥长|总指挥|指挥员|组长|总召集人)")
_APPOINTED_BEFORE = re.compile(r"(?:任命|免去|决定|提名|推荐|选举|补选|关于)[^，。；]{0,4}$")
_PUNISHED = re.compile(
    r"[^。；]{0,24}(?:接受[^，。；]{0,8}(?:审查|调查)|立案|开除|双开|"
    r"受到[^，。；]{0,10}处分|警告|记过|撤职|免职|诫勉)"
)
_OBJECT_BEFORE = re.compile(r"(?:约谈|问责|批评|点名|通报|诫勉|函询)(?:了)?[^，。；]{0,14}$")
_OBJECT_AFTER = re.compile(
    r"[^，。；]{0,6}(?:被约谈|被问责|被通报|被点名|作出检查|作检讨|参加约谈|接受约谈|"
    r"到场接受约谈)"
)
_UNDER = re.compile(r"[^，。；]{0,6}(?:指导|推动|支持|关心|协调|督促)下")
_GOES = r"(?:到|赴|前往|下到|走进|深入|来到|夜查)"
_LEADS = re.compile(
    rf"(?:同志)?[^，。；]{{0,8}}?(?:(?:带队|率队|率领|带领)(?![^，。；]{{0,4}}{_GOES})|带专班|牵头|"
    rf"组织(?!部|委)|"
    r"推动|指挥(?!中心|部|长|员)|签署|签订|包抓|包联|领办)"
)
_ATTENDS = re.compile(
    r"(?:同志)?[^。；]{0,24}?(?:出席|参加|主持|列席|陪同|到|赴|来到|深入|走访|调研|慰问|察看|查看|"
    r"会见|考察|检查|"
    r"督导|讲话|发言|致辞|强调|要求|部署|宣布|见证|巡河|接访|观摩|座谈|推介|宣誓|走进|询问|听取|"
    r"参观|看望|"
    r"讲授|宣讲|调度|揭牌|夜查|聊)"
)
_PRESENT = re.compile(r"[^。；]*?(?:参加|出席|列席|陪同|到场|见证|在会上)")
_LIST = re.compile(r"[\u4e00-\u9fff]{0,4}(?:[、和及]|等)")
_CHAIRS = re.compile(r"[^，。；]{0,12}?(?:主持|召集)")
_HABIT = re.compile(r"[^，。；]{0,10}?(?:每(?:天|日|周|月|季度|年)|定期|轮流|坚持|带头)")
_FAULT = re.compile(
    r"失察|失职|失责|不力|造假|虚报|瞒报|谎报|违规|违纪|违法|违反|擅自|挪用|贪污|受贿|行贿|贿赂|滥用|"
    r"涉嫌|未按|未履行|流于|"
    r"不到位|不严|推诿|隐瞒|敷衍|拖延|滞后|渎职|腐败|侵占|套取|纵容|包庇|授意|责任人|形式主义|"
    r"官僚主义|负有|"
    r"处分|问责|约谈|被通报|点名|检讨|道歉|质疑|举报|承揽|以权谋私"
)


def cadre_role(before: str, after: str) -> str:
    """The role read from up to 30 characters before the name or title and up to 120 after, within the sentence."""
    near = after[:60]
    if _OBJECT_AFTER.match(near):
        return "对象"
    if _PUNISHED.match(near):
        return "处分对象"
    if _OBJECT_BEFORE.search(before):
        return "对象"
    if _UNDER.match(near):
        return "参与"
    if _COMMANDS.match(near):
        return "主体"
    if _APPOINTED.match(near) or _APPOINTED_BEFORE.search(before):
        return "本人"
    if _LEADS.match(near):
        return "主体"
    said, came = _SAYS.match(near), _ATTENDS.match(near)
    if said and (not came or said.end() <= came.end()):
        return "引语"
    if came or (_LIST.match(near) and _PRESENT.match(after)):
        return "出席"
    return "仅提及"


def acts_as_leader(after: str) -> bool:
    """The words after a name are those of somebody leading, attending or speaking in public office."""
    return bool(_LEADS.match(after[:14]) or _ATTENDS.match(after[:14]))


def chairs(after: str) -> bool:
    """The words after a name or title say that its holder chairs a meeting or does the thing as a habit of office."""
    return bool(_CHAIRS.match(after) or _HABIT.match(after))


def speaks_of_fault(sentence: str) -> bool:
    """The sentence says that somebody failed, broke a rule or is accused (P6: then persons need an official source)."""
    return bool(_FAULT.search(sentence))
