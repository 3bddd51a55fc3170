"""The reporter's name where it stands in the article itself: （记者 某某）, 本报记者 某某, 文/某某.

A name set apart by a space or a bracket is taken as it is. One written on without a break (记者李某), or in
brackets without a word of what it is, must have two or three characters and begin with a surname.
"""

from __future__ import annotations

import re

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严"
    "牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲游阳裴席卫查屈"
    "鲍覃霍翁隋甘景单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫苟褚廉简娄盖符奚木穆党燕郎邸冀"
    "谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗巫鞠桑荆谌银扬沙伏岑习胥"
    "蔺邝薄"
)
_NAME = r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})?"
_SPACED = r"[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff](?![\u4e00-\u9fff])"  # 方　敏
_ONE = rf"(?:{_SPACED}|{_NAME})"
_NAMES = rf"(?P<names>{_ONE}(?:[\s、,，]+(?![^\s、,，]*报道){_ONE}){{0,5}})"
_ROLE = r"(?:特约)?(?:全媒体)?(?:见习|实习)?(?:记者|评论员|撰稿人|实习生)"
_PLACE_REPORT = r"(?:\s+[\u4e00-\u9fff ]{2,10}(?:报道|摄影报道|综合报道))?"
_IN_BRACKETS = re.compile(
    rf"[（(](?:[^（）()。]{{0,14}}?{_ROLE}|文|撰文|作者)\s*[:：/丨｜]?\s*{_NAMES}\s*(?:通讯员[^（）()]*)?[）)]"
)
_OWN_LINE = re.compile(
    rf"^[□■●◎○▲\s【\[（(]*(?:[\w·《》“”+\- ]{{0,18}}?{_ROLE}|文|作者|撰文|撰稿|执笔人?|采写)\s*[:：/丨｜\s]\s*"
    rf"(?:[\w·]{{2,10}}?{_ROLE}\s+)?{_NAMES}{_PLACE_REPORT}(?:\s*[）)】\]])?$"
)
_RUN_ON = re.compile(
    rf"^[□■●◎○▲\s（(]*[\w·《》“”]{{2,14}}(?:社|报|网|台|新闻|客户端|融媒){_ROLE}{_NAMES}(?:\s*[/／].{{0,14}})?[）)]?$"
)
_WIRE = re.compile(rf"^\S{{2,20}}[日讯]?[电讯]\s*[（(]{_NAMES}[）)]")
_BARE_END = re.compile(rf"[（(]\s*{_NAMES}{_PLACE_REPORT}\s*[）)]$")
_ABOUT_AUTHOR = re.compile(rf"[（(](?:本文)?(?:作者|执笔)(?P<names>{_NAME}?)(?:系|为|是)[^（）()]{{4,60}}[）)]$")
_NO_NAME = re.compile(
    r"摄影|报道|摄$|获悉|了解|通讯员|记者|编辑|日电|发自|采写|来自|随后|看到|近日|昨日|今天|手记|调查|观察|探访|走访"
    r"|直击|札记|采访|来源|供图|整理|综合|讯$|完$|未完|下转|上接|全文"
)
_PLACE_OR_OFFICE = frozenset("省市州盟县区旗镇乡村办局委部处科厅司院校社会站所队行厂")
EDGE_PARAGRAPHS = 4  # bylines stand in the first or last paragraphs


def find_byline(text: str) -> str:
    """Names of the reporters, joined by a space, or '' where the article names none.

    ``text`` is the body, a paragraph a line. What is not clearly a name is left out: no author is better
    than a wrong one.
    """
    paragraphs = [p.strip() for p in text.split("\n") if p.strip()]
    edges = paragraphs[:EDGE_PARAGRAPHS] + paragraphs[EDGE_PARAGRAPHS:][-EDGE_PARAGRAPHS:]
    for paragraph in edges:
        found = byline_of(paragraph)
        if found:
            return found
    for paragraph in edges:
        found = _certain(_WIRE.match(paragraph)) or _certain(_ABOUT_AUTHOR.search(paragraph))
        if found:
            return found
    return next((found for p in paragraphs[-2:] if (found := _certain(_BARE_END.search(p)))), "")


def byline_of(line: str) -> str:
    """The names that a line gives after 记者, 文/, 作者 and the like, or ''."""
    match = _IN_BRACKETS.search(line)
    if match is None and len(line) <= 60:
        match = _OWN_LINE.match(line)
    if match and not _NO_NAME.search(match["names"]):
        return " ".join(_split(match["names"]))
    return _certain(_RUN_ON.match(line)) if len(line) <= 60 else ""


def _certain(match: re.Match[str] | None) -> str:
    """The names of a match if every one begins with a surname."""
    if match is None or _NO_NAME.search(match["names"]):
        return ""
    names = _split(match["names"])
    return " ".join(names) if all(_is_name(name) for name in names) else ""


def _split(names: str) -> list[str]:
    """Single names; 方　敏 is one name."""
    joined = re.sub(rf"(?<![\u4e00-\u9fff]){_SPACED}", lambda m: re.sub(r"\s", "", m[0]), names.strip())
    return re.split(r"[\s、,，]+", joined)


def _is_name(name: str) -> bool:
    return len(name) in (2, 3) and name[0] in _SURNAMES and name[-1] not in _PLACE_OR_OFFICE
