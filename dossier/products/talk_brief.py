"""谈话前情况简报 as a product: what dossier.brief composes, in the form that is edited, checked and issued."""

from __future__ import annotations

from dossier.brief_content import BriefContent
from dossier.products.content import ProductContent

TITLE = "谈话前情况简报"


def as_product(content: BriefContent) -> ProductContent:
    """The same head, sentences and annex; whom it tells of is the cadre and the teams of the items."""
    return ProductContent(
        "talk_brief", TITLE, content.made_on, head_lines(content), content.parts, annex=content.annex,
        office="" if content.section else content.office, section=content.section, since=content.since,
        until=content.made_on, teams=tuple(dict.fromkeys(r.team_id for r in content.annex if r.team_id)),
        cadres=(content.cadre_id,), restricted=content.restricted,
    )  # fmt: skip


def head_lines(content: BriefContent) -> tuple[str, ...]:
    """The lines under the title: whom, which talk, by whom, when, prepared by."""
    when = f"　　拟谈话时间：{content.planned_on}" if content.planned_on else ""
    by = f"　　主办：{content.section}" if content.section else ""
    return (
        f"对象：{content.name}　{content.post}",
        f"谈话类型：{content.talk_kind}{when}",
        f"谈话人：{content.interviewer}{by}",
    )
