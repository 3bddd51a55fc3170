"""What a cadre does in a sentence (P7, P9): speaks, attends, acts, is the object, or is only named."""

from __future__ import annotations

import re

_SAYS = re.compile(r"(?:等)?[^，。；]{0,14}?(?:表示|说|介绍|指出|坦言|告诉|称|回应|认为|透露|接受[^，。]{0,8}采访)")
_APPOINTED = re.compile(r"(?:同志)?(?:任|担任|当选|为|被?任命|提名|拟任|不再担任|兼任)")
_APPOINTED_BEFORE = re.compile(r"(?:任命|免去|决定|提名|推荐|选举)[^，。；]{0,4}$")
_PUNISHED = re.compile(r"[^。；]{0,24}(?:接受[^，。；]{0,8}(?:审查|调查)|立案|开除|双开|"
                       r"受到[^，。；]{0,10}处分|警告|记过|撤职|免职|诫勉)")
_OBJECT_BEFORE = re.compile(r"(?:约谈|问责|批评|点名|通报|诫勉|函询)(?:了)?[^，。；]{0,14}$")
_OBJECT_AFTER = re.compile(r"[^，。；]{0,6}(?:被约谈|被问责|被通报|被点名|作出检查|作检讨)")
_UNDER = re.compile(r"[^，。；]{0,6}(?:指导|推动|支持|关心|协调|督促)下")
_LEADS = re.compile(r"(?:同志)?[^，。；]{0,8}?(?:带队|率队|率领|牵头|组织|推动|带领|指挥|签署|签订|包抓|包联|领办)")
_ATTENDS = re.compile(r"(?:同志)?[^。；]{0,24}?(?:出席|参加|主持|列席|陪同|到|赴|来到|深入|走访|调研|慰问|察看|"
                      r"查看|会见|"
                      r"考察|检查|督导|讲话|致辞|强调|要求|部署|宣布|见证|巡河|接访|观摩|座谈)")
_LISTED = re.compile(r"[、，]?[^。；]{0,30}(?:等)?(?:[^。；]{0,8})(?:出席|参加|列席|陪同)")


def cadre_role(before: str, after: str) -> str:
    """The role read from up to 30 characters before the name or title and up to 60 after, within the sentence."""
    if _PUNISHED.match(after):
        return "处分对象"
    if _OBJECT_BEFORE.search(before) or _OBJECT_AFTER.match(after):
        return "对象"
    if _UNDER.match(after):
        return "参与"
    if _APPOINTED.match(after) or _APPOINTED_BEFORE.search(before):
        return "本人"
    if _LEADS.match(after):
        return "主体"
    said, came = _SAYS.match(after), _ATTENDS.match(after)
    if said and (not came or said.end() <= came.end()):
        return "引语"
    if came or _LISTED.match(after):
        return "出席"
    return "仅提及"


def acts_as_leader(after: str) -> bool:
    """The words after a name are those of somebody leading, attending or speaking in public office."""
    return bool(_LEADS.match(after[:14]) or _ATTENDS.match(after[:14]))
