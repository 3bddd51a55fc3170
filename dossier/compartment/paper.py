"""重要事项报告单, one page (domain.md §4.11): made for its named readers, never stored, never in a list of products."""

from __future__ import annotations

from datetime import date

from dossier.compartment import kinds
from dossier.compartment.register import MatterFile
from dossier.products.content import ProductContent


def form_content(file: MatterFile, office: str, made_on: date) -> ProductContent:
    """The form's boxes as content of a paper; there is no box for a diagnosis."""
    data, line = file.data, file.line
    effect = data.effect + (f"，预计{data.expected}" if data.expected else "")
    form = (
        ("单位", line.team),
        ("报告事项类别", line.kind),
        ("涉及干部", line.cadre),
        ("发生时间", line.occurred),
        ("报告时间", f"{line.reported}（{line.lateness}）"),
        ("基本情况", facts(file)),
        ("对履职影响", effect),
        ("单位拟采取的措施", data.measures or "无"),
        ("报告人、报告渠道", f"{data.reporter}，{data.channel}"),
        ("单位主要负责人签字" if data.channel == kinds.BY_LEADER else "签报人签字", data.signer),
        ("组织部接收回执编号", line.receipt or "尚未接收"),
    )
    return ProductContent(
        "matter_form", "重要事项报告单", made_on.isoformat(), form=form, office=office, section="干部监督处",
        restricted=True,
    )  # fmt: skip


def facts(file: MatterFile) -> str:
    """基本情况 by kind: a paragraph, the category alone, or body, stage and publicity."""
    data = file.data
    if data.kind == kinds.FAMILY:
        return f"类别：{data.family_kind}（不写详情）"
    if data.kind == kinds.DISCIPLINE:
        return f"{data.body}，{data.stage}，{'已公开' if data.public else '未公开'}"
    return (f"〔{data.urgent}〕" if data.urgent else "") + data.fact
