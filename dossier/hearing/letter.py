"""Words of a 告知书: fact, day and what is asked; nothing of the clue's origin or other persons (P3, §2.6)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dossier.notice import ORIGIN
from dossier.products.redact import Names
from dossier.views import EvidenceView
from nlp.scrub import scrub
from storage.errors import ShijiError

SOMEONE, UNIT = "有关负责同志", "有关单位"
# whoever brought it: 群众反映, 网友投诉称, 12345热线转办, 信访件反映
_BROUGHT = re.compile(
    r"(?:据|有|经|接|近日|日前|，)*(?:多名|部分|有)?(?:群众|市民|居民|村民|网友|业主|家长|举报人|投诉人|信访人|来信|来电|知情人)"
    r"[^，。；]{0,10}?(?:反映|举报|投诉|来信|来电|爆料|质疑|称|说)(?:称|说)?[：:，]?"
    r"|(?:12345|市长热线|热线|信访(?:件|部门)?|巡视组|巡察组|督查室)[^，。；]{0,8}?(?:反映|转办|交办|受理|移交|线索)[^，。；]{0,4}[，：:]?"
)
# how a paper introduces what it found: 通报还指出，审计发现，记者在……看到，
_FOUND = re.compile(
    r"(?:(?<=^)|(?<=[，。；]))(?:通报|公告|报告|督察|审计|巡察|检查|调查|网帖|文章)(?:还|也|同时)?"
    r"(?:指出|提出|认定|载明|披露|显示|发现|称|认为)[，：]?"
    r"|记者(?=在)|(?<=[^，。]{2})(?:看到|获悉|了解到)，"
)
_DATED = re.compile(r"(?:\d{4}年)?\d{1,2}月|\d{4}年")
# the post before a name goes with it; of 白榆区委书记 the district stays
_POST = (
    r"(?P<at>[区县市](?=委))?"
    r"(?:(?:委|党组|党委|党工委)?副?书记|副?(?:区长|县长|市长|局长|主任|部长)|代[区县市]长|、|和)*"
)
# words that give the origin away even to someone who does not know the source
_GIVEAWAY = re.compile(r"举报|检举|信访|投诉人|举报人|来信人|线索来源|知情人|网友|记者|报道|转载|12345")


def fact_for(view: EvidenceView, names: Names, cadre_id: str = "") -> str:
    """The fact as the addressee may read it: without origin, other persons, other units, citizens."""
    text = _FOUND.sub("", _BROUGHT.sub("", ORIGIN.sub("", view.fact))).strip("，；：: \n")
    text = scrub(text, names.cadres).text.replace("●", "某")
    own = {link.name for link in view.cadres if link.id == cadre_id} if cadre_id else set()
    for name in sorted({*names.cadres, *names.officers} - own, key=len, reverse=True):
        if len(name) > 1 and name in text:
            text = re.sub(_POST + re.escape(name), lambda m: (m["at"] or "") + SOMEONE, text)
    mine = names.teams.get(view.team_id, ())
    others = {form for key, of in names.teams.items() if key != view.team_id for name in of for form in _forms(name)}
    stems = tuple(name.removesuffix("市") for name in mine if name.endswith("市"))
    for name in sorted((n for n in others if not any(n in own_name for own_name in mine)), key=len, reverse=True):
        # 泊湾市城管局 is no 市城管局 when 泊湾市 itself is told
        before = "".join(f"(?<!{re.escape(stem)})" for stem in stems) if name.startswith("市") else ""
        text = re.sub(before + re.escape(name), UNIT, text)
    return text


def letter_text(view: EvidenceView, names: Names, days: int, cadre_id: str = "") -> str:
    """The prefilled 告知书 for the team, or for one cadre of the item."""
    name = next((link.name for link in view.cadres if link.id == cadre_id), "")
    whom = f"{name}同志" if name else view.team or "有关单位"
    you = "你" if name else "你单位"
    fact = fact_for(view, names, cadre_id)
    when = f"{view.date}，" if view.date_from_text and not _DATED.match(fact) else ""
    return (
        f"{whom}：\n　　现就以下事项听取{you}的意见：{when}{fact}\n"
        f"　　请{you}就有关情况、原因和已采取的措施作出说明，也可以提出申辩，可附佐证材料，于收到本告知书之日起"
        f"{days}个工作日内书面提交；确有困难的，可以申请延期一次。说明和申辩不影响对{you}的评价。"
    )


def check_letter(text: str, view: EvidenceView, names: Names, cadre_id: str = "") -> None:
    """Refuse a letter that gives away its origin or names others. Raises NOTICE-EMPTY, NOTICE-ORIGIN, NOTICE-OTHERS."""
    if len(text.strip()) < 10:
        raise ShijiError("NOTICE-EMPTY", "请写明告知的事实", view.code, "告知书只写事实、时间和需说明的事项。")
    host = urlsplit(view.url).hostname or ""
    traces = [w for w in (view.source, view.origin, view.title, host) if len(w) > 3 and w in text]
    if found := traces or _GIVEAWAY.findall(text):
        raise ShijiError(
            "NOTICE-ORIGIN", f"告知书出现信息来源：“{found[0][:20]}”", view.code, "请删去来源，只写事实和需说明的事项。"
        )
    own = {link.name for link in view.cadres if link.id == cadre_id} if cadre_id else set()
    others = [n for n in names.cadres if n in text and n not in own]
    if others and cadre_id:
        raise ShijiError("NOTICE-OTHERS", f"告知书提到其他人员：“{others[0]}”", view.code, "请改为“有关负责同志”。")


def _forms(name: str) -> tuple[str, ...]:
    """A unit's name as it is written: 澜宁市住房和城乡建设局, 市住房和城乡建设局."""
    at = name.find("市")
    return (name, name[at:]) if 0 < at < 4 and len(name) - at > 3 else (name,)
