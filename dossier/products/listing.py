"""Tables and lists that digests share: counts by category and zone, the 条目清单, whom a product tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dossier import terms
from dossier.brief_words import annex_row
from dossier.products import wording
from dossier.products.content import AnnexRow, Part, ProductContent, Table
from dossier.products.gathering import Gathered, tally
from dossier.views import EvidenceView

BASIS = "按已采用和已核实的条目统计，同一事项计一次，转载不重复计。"
TOPIC_COLUMNS = ("做法", "亮点", "重大事项", "问题", "合计", "其中自采自发", "占比")
LISTED = 100  # items of an annex of some 12 pages
WIDTHS = (42, 13, 13, 18, 13, 13, 28, 16)


def categories(found: Gathered, after: str) -> Table:
    """分类汇总表: categories of teams × topics, self-published beside every total (R-26)."""
    names = list(dict.fromkeys(team.category for team in found.teams))
    of = {team.id: team.category for team in found.teams}
    rows = [counted(name, [v for v in found.facts if of[v.team_id] == name]) for name in names]
    kept = [row for row in rows if row[5] != "0"]
    kept.append(counted("合计", found.facts))
    return Table("分类汇总表", ("类别", *TOPIC_COLUMNS), tuple(kept), WIDTHS, 7, "单位：条", after, BASIS)


def zones(found: Gathered, after: str) -> Table:
    """分片汇总表: every zone in its order, also those of which nothing was read."""
    names = dict.fromkeys((team.zone, team.zone_name) for team in found.teams)
    of = {team.id: team.zone for team in found.teams}
    rows = [counted(name, [v for v in found.facts if of[v.team_id] == zone]) for zone, name in names]
    rows.append(counted("合计", found.facts))
    return Table("分片汇总表", ("联系片", *TOPIC_COLUMNS), tuple(rows), WIDTHS, 7, "单位：条", after, BASIS)


def counted(name: str, items: Sequence[EvidenceView]) -> tuple[str, ...]:
    """One row: a name, the count of each topic, the total, the self-published part and its share."""
    counts = tally(items)
    topics = (str(sum(v.label == label for v in items)) for label in terms.DOSSIER_TOPICS)
    return (name, *topics, str(counts.total), str(counts.own), counts.share)


def annex(items: Sequence[EvidenceView]) -> tuple[AnnexRow, ...]:
    """The 条目清单, each item once, in the order told; persons in unsettled items are not named."""
    rows = {}
    for item in items:
        row = annex_row(item)
        open_ = item.state not in terms.SHOWN or (item.adverse and not item.notified)
        summary = f"《{wording.title_only(item)}》" if open_ else wording.cut(wording.plain(item), 40)
        rows[item.code] = replace(row, summary=summary)
    return tuple(rows.values())


def telling_of(content: ProductContent, items: Sequence[EvidenceView]) -> ProductContent:
    """The content with the teams and cadres its items tell of, and the items as its annex.

    Beyond LISTED items the annex holds those that are cited; the rest are counted, and stand in the record.
    """
    teams = tuple(dict.fromkeys(v.team_id for v in items if v.team_id))
    cadres = tuple(dict.fromkeys(c.id for v in items for c in v.cadres))
    if len(items) > LISTED:
        cited = {code for _, sentence in content.sentences for code in sentence.citations}
        items = [v for v in items if v.code in cited]
        content = replace(content, parts=tuple(map(_elsewhere, content.parts)))
    return replace(content, annex=annex(items), teams=teams, cadres=cadres)


def _elsewhere(part: Part) -> Part:
    """What is told of in the record alone is not said to stand in the list."""
    said = tuple(
        replace(s, text=s.text.replace("见条目清单", "见班子档")) if s.frame else s for s in part.sentences
    )  # fmt: skip
    return replace(part, sentences=said)


def office(city: str) -> str:
    """中共澜宁市委组织部."""
    return f"中共{city}委组织部" if city else ""
