"""Accusation letters and anonymous posts that arrive by mistake (domain.md §2.11): found before anything is indexed."""

from __future__ import annotations

import re

_LETTER_TITLE = re.compile(
    r"举报信|检举信|控告信|控告书|实名举报|匿名举报|举报材料|检举材料|检举|控告|申诉控告|"
    r"关于举报|举报[^，。]{0,12}(?:的信|问题)|"
    r"反映[^，。]{0,20}(?:违纪|违法|贪污|受贿|腐败|以权谋私|包养|作风)[^，。]{0,8}(?:问题|"
    r"情况)?"
)
_ADDRESSED = re.compile(
    r"(?:尊敬的|致|呈|敬呈)[^\n，。]{0,12}(?:纪委|监委|巡视组|巡察组|组织部|信访局|检察院|"
    r"领导|书记|主任)[^\n]{0,8}[:：]|"
    r"(?:市|省|区|县)?(?:纪委监委|纪委|监委|巡视组|巡察组|组织部)(?:领导|同志)?[:：]\s*$",
    re.M,
)
_I_ACCUSE = re.compile(
    r"(?:我|我们|本人|举报人|检举人|控告人|群众|员工|村民|业主)[^。；\n]{0,20}?"
    r"(?:实名|匿名|联名|现向|特向|现|要|郑重)?(?:举报|检举|控告|揭发)(?!电话|热线|渠道|平台|"
    r"奖励|箱|中心)"
)
_I_MYSELF = re.compile(
    r"(?:我(?![市区县省国])|本人)[^。；\n]{0,20}?(?:举报|检举|控告|揭发)"
    r"(?!电话|热线|渠道|平台|奖励|箱|中心)"
)
_FORM = re.compile(
    r"(?:举报人|检举人|控告人|被举报人|被检举人|被控告人|署名|举报时间|举报事项|"
    r"具体事实如下)\s*[:：]?"
)
_SIGNED_OFF = re.compile(
    r"(?:此致|知情人|一名(?:普通)?(?:群众|党员|干部|员工|职工|知情者)|匿名|不愿透露姓名|"
    r"恳请[^。]{0,16}(?:查处|彻查|调查|严查)|"
    r"请[^。]{0,12}(?:彻查|严查|查处)|求(?:扩散|曝光|转发)|望(?:有关部门|"
    r"领导)[^。]{0,8}(?:查处|严查|彻查))"
)
_ANONYMOUS_POST = re.compile(
    r"匿名(?:网帖|帖|爆料|发帖|信)|网帖(?:称|爆料|举报)|(?:网友|博主|"
    r"楼主)[^。]{0,10}(?:匿名)?(?:爆料|举报|揭发)|爆料人|"
    r"知情人(?:士)?(?:爆料|透露|称)"
)
_WRONGDOING = re.compile(
    r"贪污|受贿|索贿|行贿|收受[^。，]{0,8}(?:贿|礼金|钱|财物|好处)|挪用|侵吞|腐败|以权谋私|"
    r"滥用职权|包养|情妇|权色|买官|卖官|"
    r"利益输送|违纪|违法|违规|承揽工程|充当保护伞|吃拿卡要|生活作风|巨额|黑社会|打击报复|"
    r"虚报冒领|徇私"
)
_A_PERSON = re.compile(
    r"书记|区长|县长|市长|局长|主任|处长|科长|镇长|乡长|部长|院长|校长|领导|干部|村支书|其人|"
    r"该人|子女|妻子|亲属"
)
_OFFICIAL_VOICE = re.compile(
    r"涉嫌严重违纪违法[^。]{0,20}(?:接受|正接受)|(?:纪委监委|纪委|监委|检察院|法院|"
    r"公安机关|调查组|审计局)[^。]{0,6}"
    r"(?:消息|通报|公布|决定|查明|认定|发布|依法)|经查|给予[^。]{0,20}处分|开除党籍|"
    r"移送(?:检察|司法)机关|"
    r"提起公诉|一审(?:判决|宣判)|通报[^。]{0,12}典型"
)
_NEWS_VOICE = re.compile(
    r"(?:受理|接到|收到|办理|处理|办结|转办|交办|受理了)[^。；]{0,20}(?:举报|投诉|检举|控告|"
    r"信访|来信)|举报(?:电话|热线|奖励|平台|渠道|中心|箱|方式)|"
    r"(?:12345|12380|12388|12337)|记者(?:从|获悉|了解)|本报讯|发布会|检举控告(?:工作|规则|"
    r"办法|受理|办理|平台|渠道)|"
    r"(?:辟谣|不实信息|谣言|澄清)"
)

OFFICIAL_KINDS = frozenset({"official", "中央", "省", "市", "政府", "纪委", "审计", "通报"})


def looks_like_accusation(title: str, text: str, source_kind: str = "") -> str | None:
    """Why this looks like an accusation or an anonymous post meant for another channel; None when it does not.

    A report that a rumour goes round (网传……) is none: it is labelled WT15. An official notice about a case is none,
    nor is news of a hotline that took complaints. `source_kind` is a level or kind of source; one of OFFICIAL_KINDS
    raises the bar. The reason (Chinese) never quotes the content.
    """
    head, body = title[:200], text[:6000]
    whole = f"{head}\n{body}"
    letter = bool(_LETTER_TITLE.search(head))
    addressed = bool(_ADDRESSED.search(body))
    accuses = bool(_I_ACCUSE.search(body))
    form = len(set(_FORM.findall(body)))
    signed = bool(_SIGNED_OFF.search(body))
    wrong, person = bool(_WRONGDOING.search(whole)), bool(_A_PERSON.search(whole))
    official, news = bool(_OFFICIAL_VOICE.search(whole)), bool(_NEWS_VOICE.search(whole))
    points = 2 * letter + 2 * addressed + 2 * accuses + 2 * (form >= 2) + signed
    points -= 2 * official + 2 * news + (2 if source_kind in OFFICIAL_KINDS else 0)
    if points >= 3 and (wrong or accuses) and (person or accuses):
        return "疑似检举控告材料"
    if letter and not official and not news and _I_MYSELF.search(body):
        return "疑似检举控告材料"  # a letter printed in full: whoever passes it on, it stays a letter
    anonymous = bool(_ANONYMOUS_POST.search(whole))
    if anonymous and wrong and person and not official and not news and source_kind not in OFFICIAL_KINDS:
        return "疑似匿名爆料"
    return None
