"""Named cues of a topic: wordings the decision rules of domain.md §3.5-3.6 turn on, each with a name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from nlp.topic_text import PLACE


class Cue(NamedTuple):
    """A named wording; `pattern` is matched against `topic_texts`, many joined by line breaks."""

    name: str
    pattern: re.Pattern[str]


def _cue(name: str, pattern: str) -> Cue:
    return Cue(name, re.compile(pattern))


CUES: tuple[Cue, ...] = (
    _cue(
        "地方党政机关", PLACE + r"|全[省市区县州]|该[省市区县]|当地|我[省市区县]|[省市区县州](?:委|政府|人大|政协)|各地"
    ),
    _cue(
        "中央机关",
        r"国务院|中共中央|党中央|全国人大|全国政协|中央(?:军委|纪委|宣传|组织|政法|台|广播|财政|气象)|总书记|国家主席|总理"
        r"|外交部|商务部|财政部|水利部|教育部|农业农村部|应急管理部|交通运输部|工业和信息化部|生态环境部"
        r"|国家[一-鿿]{1,6}[局委办署]|人民银行|最高人民|中国人民解放军",
    ),
    _cue(
        "国际事务",
        r"美国|俄罗斯|乌克兰|以色列|巴勒斯坦|日本|韩国|朝鲜|英国|法国|德国|欧盟|联合国|北约|伊朗|印度|总统|首相|外长|大使"
        r"|访华|两国|双边|会见|国际社会|世界各国|非洲|欧洲|海外",
    ),
    _cue(
        "企业院校",
        r"公司|集团|银行|企业负责人|铁路|航天|火箭|卫星|院士|大学|研究院|科研|队员|战士|官兵|部队|消防救援站",
    ),
    _cue("全国范围", r"全国|我国|中国"),
    _cue("计划表述", r"将|拟|计划|力争|预计|争取|目标|到20\d\d年|谋划|下一步|今后"),
    _cue("已成结果", r"已|累计|完成|建成|投产|达到|实现|截至"),
    _cue(
        "表彰或获批",
        r"荣获|获评|授予|表彰|获批|入选|命名|被评为|称号|示范(?:市|区|县)|试点城市|通报表扬|推广|批示|写入",
    ),
    _cue("排名位次", r"位居|排名|位列|居全|第[一二三0]位|第一|首位|前列"),
    _cue("对比数据", r"同比|增长|高于|比[^，。\n]{1,12}(?:高|低|快|多|少)|提高0个百分点|增幅|增速"),
    _cue("首创首例", r"首个|首例|首创|全国率先|首批|率先|首座|首条|首次|首张"),
    _cue(
        "批评或失职",
        r"被通报|通报批评|被约谈|问责|整改不力|不到位|违规|虚报|超标|投诉|拖欠|滞后|停工|烂尾|推诿|乱收费|隐患|不合格|流于形式|违法"
        r"|举报|没人管|不作为|无人|扰民|污染|造假|弄虚作假|尚未开工|未按期|未完成|督察发现|审计(?:发现|指出)|照抄照搬|监管责任",
    ),
    _cue("查处他人", r"查处|立案|取缔|整治|打击|排查|清理|执法"),
    _cue("会议学习", r"召开|会议|学习|研讨|座谈|强调|指出|要求|部署"),
    _cue("调研走访", r"调研|走访|慰问|看望|考察|检查指导|督导"),
    _cue("人事任免", r"任命|免去|当选|提名|任[^，。\n]{0,12}(?:书记|主任|局长|市长)|党组书记"),
    _cue("突发事件", r"地震|洪水|暴雨|台风|透水|火灾|爆炸|救援|遇难|受伤|伤亡|转移|险情|灾害|应急响应|决堤"),
    _cue("项目活动", r"开工|签约|奠基|落地|通车|开通|启用|揭牌|开幕|投用"),
    _cue("文件规划", r"印发|出台|发布|通过|《[^》\n]{2,40}(?:方案|规划|条例|办法|意见|措施|行动计划)》|制定"),
    _cue(
        "做法举措",
        r"推行|推出|实施|建立|探索|组建|专班|机制|创新|打造|通过[^，。\n]{2,20}等|开展|举办|组织|引导|完善|优化|深化|一站式"
        r"|清单|制度|平台",
    ),
    _cue("群众诉求", r"请问|希望|领导|我们|反映|为什么|怎么|尊敬的|您好|请有关|求助|咨询|老百姓|居民|村民|业主|谢谢"),
    _cue("网络传言", r"网传|网帖|网友爆料|有网民|传言|谣言|不实信息|辟谣"),
    _cue("天气出行", r"气象|预报|气温|降温|降雨|台风|暴雪|寒潮|高温"),
    _cue("论述号召", r"必须|坚持|要(?:把|坚持|以|深入)|应当|只有|才能"),
)
# which cues an officer would accept as a reason for a topic; the others only weigh
SUPPORTS: dict[str, frozenset[str]] = {
    "practice": frozenset({"做法举措", "查处他人"}),
    "highlight": frozenset({"表彰或获批", "排名位次", "对比数据", "首创首例", "已成结果"}),
    "major_matter": frozenset({"人事任免", "突发事件", "项目活动", "文件规划"}),
    "problem": frozenset({"批评或失职", "群众诉求", "网络传言", "排名位次"}),
    "routine": frozenset({"会议学习", "调研走访", "计划表述", "论述号召", "天气出行", "网络传言", "群众诉求"}),
    "irrelevant": frozenset({"中央机关", "国际事务", "企业院校", "全国范围", "天气出行"}),
}
HEAD = 18  # characters of the opening, where the actor stands


class CueFound(NamedTuple):
    """A cue present in a folded text: how often, and its first words."""

    number: int
    times: int
    start: int
    words: str


def find_cues(folded: Sequence[str]) -> list[list[CueFound]]:
    """All cues present in each of some folded texts, which hold no line break."""
    starts = list(accumulate((len(text) + 1 for text in folded), initial=0))
    whole = "\n".join(folded)
    found: list[list[CueFound]] = [[] for _text in folded]
    for number, cue in enumerate(CUES):
        matches = cue.pattern.finditer(whole)
        for row, group in groupby(matches, key=lambda match: bisect_right(starts, match.start()) - 1):
            first, *others = group
            found[row].append(CueFound(number, 1 + len(others), first.start() - starts[row], first.group()))
    return found


def cue_values(found: list[CueFound], length: int) -> list[tuple[int, float]]:
    """(column, value) of the cues of a text of `length` characters: present, density, present in the opening."""
    values: list[tuple[int, float]] = []
    for cue in found:
        values.append((2 * cue.number, 1.0))
        values.append((2 * cue.number + 1, min(1.0, cue.times * 25 / max(length, 20))))
        if cue.start + len(cue.words) <= HEAD:
            values.append((2 * len(CUES) + cue.number, 1.0))
    return values
