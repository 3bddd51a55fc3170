"""Posts and titles: cutting them into single titles and telling whether a written title fits a post."""

from __future__ import annotations

import re
from functools import lru_cache

_CORE = (
    r"书记|区长|县长|市长|旗长|州长|镇长|乡长|局长|主任|部长|主席|秘书长|常委|委员|成员|组长|校长|院长|行长|"
    r"董事长|总经理|经理|厅长|省长|处长|科长|所长|站长|队长|会长|副职|候选人|巡视员|调研员|督察长|政委|检察长|关长"
)
_PREFIX = (
    r"常务|副|代理|代|第一|党组|党委|党工委|工委|区委|县委|市委|旗委|州委|省委|管委会|管理委员会|"
    r"区人民政府|县人民政府|市人民政府|人民政府|区政府|县政府|市政府|政府|常委会|纪委|监委|人大|政协|机关|党支部|总支|"
    r"一级|二级|三级|四级|分管|常务委员会|区|县|市|旗"
)
_ONE = rf"(?:(?:{_PREFIX})*(?:{_CORE})(?:候选人)?)"
_WHEN = r"(?P<when>时任|原任|原|现任|前任|前|新任|候任)?"
_JOIN = r"(?:[、，,]|兼任?|，?兼)?"
TITLE_BEFORE = re.compile(rf"{_WHEN}(?P<titles>{_ONE}(?:{_JOIN}{_ONE})*)(?:同志)?[：: ]?$")
TITLES = re.compile(rf"{_WHEN}(?P<titles>{_ONE}(?:{_JOIN}{_ONE})*)")
_SINGLE = re.compile(_ONE)
_NOTE = re.compile(r"[（(][^）)]*[）)]")
_ACTING = re.compile(r"代理|代(?=[区县市旗]?长)|主持工作的?")
_OTHER_BODIES = {"纪委", "监委", "人大", "政协", "常委会", "机关", "党支部", "总支", "第一", "省委", "党委"}
# The head of a body: the only titles that name one person without a name (P2).
_HEADS = {"书记", "区长", "县长", "市长", "旗长", "局长", "主任", "部长", "主席"}
_SCOPES = (
    "党组",
    "党委",
    "党工委",
    "工委",
    "区委",
    "县委",
    "市委",
    "旗委",
    "州委",
    "省委",
    "管委会",
    "管理委员会",
    "纪委",
    "监委",
    "人大",
    "政协",
    "常委会",
    "常务委员会",
    "机关",
    "党支部",
    "总支",
    "第一",
)


@lru_cache(maxsize=8192)
def atoms(post: str) -> tuple[str, ...]:
    """区委副书记、代区长(望澜) as single titles: 区委副书记, 代区长."""
    return tuple(_SINGLE.findall(_NOTE.sub("", post)))


def _core(atom: str) -> str:
    candidate = atom.endswith("候选人")
    found = re.search(rf"(?:常务)?(副?)(?:{_CORE})$", atom.removesuffix("候选人") or atom)
    core = found[0].removeprefix("常务") if found else atom
    return core + ("候选人" if candidate and core != "候选人" else "")


def _scope(atom: str) -> str:
    """Which body a title belongs to: 党组, 区委 and 党工委 are not interchangeable, none fits all."""
    for word in _SCOPES:
        if atom.startswith(word):
            return {"工委": "党工委", "管理委员会": "管委会", "常务委员会": "常委会"}.get(word, word)
    return ""


@lru_cache(maxsize=65536)
def fits(written: str, post: str) -> bool:
    """True when a title as written may be this post: 区长 fits 区委副书记、区长, not 副区长; P5: acting counts."""
    return any(_same(w, p) for w in atoms(written) for p in atoms(post))


def _same(written: str, held: str) -> bool:
    acting_written, acting_held = _ACTING.sub("", written), _ACTING.sub("", held)
    a, b = _core(acting_written), _core(acting_held)
    if a != b:
        # 提名为区长候选人: the candidate holds the candidate's post, and is never yet 区长 himself.
        return False
    scope_a, scope_b = _scope(acting_written), _scope(acting_held)
    return not scope_a or not scope_b or scope_a == scope_b


def is_head(title: str) -> bool:
    """True for a title that only one person of a body holds at a time: 区长, 县委书记, 局长; not 副局长, 委员."""
    return any(_core(_ACTING.sub("", a)) in _HEADS and _scope(a) not in _OTHER_BODIES for a in atoms(title))
