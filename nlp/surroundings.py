"""What stands directly left and right of a name, and what that makes of it (domain.md §3.8, T1, T2, T5, T7)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import rjieba

from nlp.roster import Roster

# place: another place's; body: another body's, or one of many; open, own: ours to take; unknown: cannot tell.
Left = Literal["open", "own", "place", "body", "unknown"]

# Function characters after which a new name may start. None of them ends a common place name except 同 (大同).
_OPEN_CHARS = frozenset(
    "在与和及跟向对到由从于的为让被把将给据经以即如像是有会请令含赴往至了着过等使而且并又也已均"
    "均获受各据该本我原现任位去来上当请"
)
_PLACE_END = frozenset("省市州盟县区旗")
_AREA_WORDS = frozenset(
    ("城市", "社区", "小区", "园区", "地区", "景区", "城区", "厂区", "山区", "辖区", "都市", "中共")
)
_LEADING_NOUNS = frozenset(
    ("落户", "会同", "联合", "记者", "单位", "部门", "今天", "近日", "企业", "项目", "负责", "指导", "中共")
)
_OWN_WORDS = ("我市", "全市", "本市")
_PLURAL = re.compile(
    r"(?:国家级|国家|省级|全国|全省|省内|外地|外省|周边|各地|各|多个|"
    r"[\d一二三四五六七八九十两几数]+[个家批]|其他|兄弟|首批|同类|有关|相关|市级|县级|区级|跨)$"
)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_LETTERED = re.compile(r"[A-Za-z]\d{0,3}$")  # A市: a place whose name is masked
_RUN = re.compile(r"[\u4e00-\u9fff]+$")

# After a bare place-like name these make it the name of something else: 望澜路, 石岭镇, 澜宁银行, 望澜分局.
_THING = re.compile(
    r"(?:新|老|东|西|南|北|中|第[一二三四五六七八九十\d]+|大|小|上|下|国际|中心|人民)?"
    r"(?:街道|街|镇|乡|村|社区|路|大道|大街|巷|弄|小区|花园|家园|新城|新村|中学|小学|大学|学院|学校|"
    r"幼儿园|高中|一中|二中|"
    r"医院|卫生院|湖|山|河|江|港|岛|湾|峰|岭|谷|溪|泉|塘|渠|洲|寺|庙|塔|祠|古城|公园|广场|大桥|桥|隧道|水库|机场|站|"
    r"高铁|"
    r"高速|铁路|码头|银行|集团|公司|股份|酒店|宾馆|饭店|大厦|商场|影院|大酒|茶|酒|牌|杯|米|菜|分局|支行|支队|大队|"
    r"派出所|"
    r"监狱|法院|检察院|景区|古镇|矿|林场|农场|水厂|电厂|电站|日报|晚报|电视|融媒|发布|网|人(?:家|民)?|籍|话|县|区|市|"
    r"省|州|旗)|[\u4e00-\u9fff]{0,2}(?:岛|渔港|山庄|寺|礁|古镇|古城|老街)"
)
_WATER = re.compile(r"(?:湖|河|水库|港(?!务|航|股份|集团))")
_WATER_DUTY = re.compile(
    r"黑臭水体|整改|销号|污染治理|"
    r"(?:[一二三四五六七八九十]期|项目|工程)[^。；]{0,12}(?:投产|投用|竣工)"
)
_PORT_RESULT = re.compile(
    r"港(?:区)?(?:[一二三四五六七八九十]期)?[^。；]{0,12}(?:吞吐量|入选|唯一入选|获评|获批|开港|"
    r"通航|投产)"
)

# After a district's full name: its own bodies; a unit below it (T5); a body that answers to someone else (T7).
BODY = re.compile(
    r"(?:区|县|市|旗)?(?:委员会|委、?(?:和)?(?:区|县|市|旗)政府|委|人民政府|政府|党工委、?(?:和)?管委会|党工委|工委|"
    r"管委会|管理委员会|党委|党组|领导班子|班子|四套班子|人大常委会|人大|政协)(?!书|员)"
)
_VERTICAL = re.compile(
    r"(?:国家)?(?:税务|气象|海关|海事|烟草|邮政|供电|电力|消防救援|人民银行|农商行|农商银行|银行|"
    r"人民法院|法院|人民检察院|检察院|统计调查队|调查队|金融监管)"
)
_UNIT_STEM = (
    r"发改|发展和改革|发展改革|教育|教体|科技|科工|工信|公安|民政|司法|财政|人社|人力资源|自然资源|生态环境|"
    r"环保|住建|住房|城建|城管|城市管理|综合执法|行政执法|交通|水务|水利|农业|农村|畜牧|林业|园林|商务|文旅|"
    r"文化|文体|文广|旅游|卫健|"
    r"卫生|疾控|退役|应急|审计|市场监管|市场监督|统计|医保|医疗保障|信访|政务|行政审批|乡村振兴|机关事务|"
    r"国资|体育|"
    r"金融|大数据|数据|招商|投资促进|组织部|宣传部|统战部|政法委|社会工作部|编办|纪委|监委|巡察|妇联|团委|"
    r"总工会|残联|"
    r"工商联|文联|科协|档案|党校|融媒体|城投|交投|文投|国投|产投|水投|政府办|委办|新闻办|安委办"
)
_BELOW = re.compile(
    rf"(?:委|政府|人民政府|(?:区|县|市))?(?:(?:{_UNIT_STEM})[\u4e00-\u9fff]{{0,8}}?"
    r"(?:局|委员会|委|办公室|办|部|中心|公司|集团|会|院|队|站|所|校|社|联)|城投|交投|纪委监委|纪委|"
    r"监委|妇联|"
    r"某?[\u4e00-\u9fff]{1,3}(?:街道|(?<![城乡])镇|乡(?![村镇风土]))|"
    r"(?:第[一二三四五六七八九十]+|人民|实验|中心|中医|高级|职业|外国语)?(?:中学|小学|高中|幼儿园|"
    r"医院|卫生院)|"
    r"某(?:街道|社区|村|单位|部门|局)|"
    r"(?:有关|相关)(?:部门|单位|街道|镇))"
)
_ANY_ORG_END = re.compile(
    r"(?:街道|镇|乡|村|社区|公司|集团|局|委|委员会|办|办公室|"
    r"部|处|科|股|中心|学校|大学|学院|"
    r"中学|小学|医院|厅|院|所|站|队|协会|联合会|商会|学会|银行|厂|矿|店|场|园|基地|合作社|社|省|"
    r"国|州|盟|法院|检察院)$"
)


@lru_cache(maxsize=65536)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(w), str(t)) for w, t in rjieba.tag(text))


def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """Words with part-of-speech tags (ICTCLAS), remembered: the windows asked for repeat a great deal."""
    return _tagged(text)


def left_state(text: str, start: int, roster: Roster) -> Left:
    """Whether a name may begin at `start`: freely, after our own city's name, after another place's, or unclear."""
    window = text[max(0, start - 8) : start]
    if not window or not _CJK.match(window[-1]):
        return "place" if _LETTERED.search(window) else "open"
    return _left_of(window, roster.city, roster.city_short, roster.province)


def after_province(text: str, start: int, roster: Roster) -> bool:
    """Our province's name ends at `start`: 江北省发改委 is the province's, 江北省望澜区 still ours (T2)."""
    names = (roster.province, roster.province[:-1] if len(roster.province) > 2 else "")
    return any(name and text.endswith(name, 0, start) for name in names)


@lru_cache(maxsize=65536)
def _left_of(window: str, city: str, city_short: str, province: str) -> Left:
    found = _RUN.search(window)
    run = found[0] if found else ""
    own = tuple(x for x in (city, city_short, province, province[:-1] if len(province) > 2 else "") if x)
    if (own and run.endswith(own)) or run.endswith(_OWN_WORDS):
        return "own"
    if run.endswith(("该市", "外市", "大同")):
        return "unknown" if run.endswith("该市") else "place"
    if run.endswith(("国家", "中央", "省委", "省政府", "区委", "县委")) or _PLURAL.search(run):
        return "body"
    word, tag = _tagged(run)[-1]
    if word in _AREA_WORDS:
        return "open"
    if len(word) >= 2 and (word[-1] in _PLACE_END or tag == "ns"):
        return "place"
    if len(word) >= 2 and tag == "nt":
        return "body"
    if run[-1] in _OPEN_CHARS and len(word) == 1:
        return "open"
    if run[-1] in _PLACE_END and len(word) == 1:  # a place name that the dictionary lacks, and its 市 or 县
        return "place" if len(run) >= 3 else "body"
    return "open" if _joins(word, tag) else "unknown"


def _joins(word: str, tag: str) -> bool:
    """A word after which a new name begins. Nouns do not count: 海棠 before 高新区 may be a city we do not know."""
    if word in _LEADING_NOUNS:
        return True
    if len(word) >= 2 and not rjieba.has_word(word):
        return False
    return tag[:1] in {"v", "p", "c", "d", "u", "r", "t", "m", "f"} or tag in {"ad", "l", "i"}


def starts_free(text: str, at: int) -> bool:
    """True when no name can stand directly before `at`: 在区委 but not 海棠区委."""
    found = _RUN.search(text[max(0, at - 8) : at])
    if not found:
        return True
    word, tag = _tagged(found[0])[-1]
    return (len(word) == 1 and word in _OPEN_CHARS) or _joins(word, tag)


def names_a_thing(text: str, end: int) -> bool:
    """A bare place-like name ending at `end` goes on to name a street, a lake, a school ... (T1)."""
    return bool(_THING.match(text, end))


def names_water_with_duty(text: str, end: int, limit: int) -> bool:
    """长渚湖 in a passage on rectification, 泊湾港三期 put into operation: duty or result is the district's (T1)."""
    return bool(
        _WATER.match(text, end) and (_WATER_DUTY.search(text, end, limit) or _PORT_RESULT.match(text, end, limit))
    )


def body_after(text: str, end: int) -> int:
    """Where the district's own body named after its name ends (区委, 政府, 管委会); `end` when there is none."""
    found = BODY.match(text, end)
    return found.end() if found else end


def is_vertical(text: str, end: int) -> bool:
    """The name goes on to a body that answers upward, not to the district: 税务局, 法院, 海关 (T7)."""
    return bool(_VERTICAL.match(text, end))


def unit_below(text: str, end: int) -> int:
    """Where a unit below the district named after its name ends (教育局, 某街道); `end` when there is none (T5)."""
    found = _BELOW.match(text, end)
    return found.end() if found else end


def ends_like_organisation(text: str) -> bool:
    """`text` ends with the name of some organisation."""
    return bool(_ANY_ORG_END.search(text))


def is_split_by_words(text: str, start: int, end: int) -> bool:
    """A short name that the segmenter sees only as part of longer dictionary words: 东区 in 广东区域."""
    at = max(0, start - 4)
    for word, _ in _tagged(text[at : end + 4]):
        after = at + len(word)
        if (at < start < after or at < end < after) and len(word) > 1 and rjieba.has_word(word):
            return True
        at = after
    return False


def is_everyday_word(word: str) -> bool:
    """和平, 文明, 安全: a dictionary word that is no place."""
    if not rjieba.has_word(word):
        return False
    tags = _tagged(word)
    return len(tags) == 1 and not tags[0][1].startswith("ns")
