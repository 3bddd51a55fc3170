"""定性证据包 in Word: items with state, sources, date and response, statistics, room for 已阅 (domain.md §1.13)."""

from __future__ import annotations

from datetime import date

from appraisal.annual.package import Package
from dossier import gongwen, terms
from dossier.products.spans import written

COLUMNS = ("编号", "类别", "来源", "日期", "状态", "独立信源", "转载数")
WIDTHS = (32, 22, 45.5, 20, 14.5, 12, 10)


def package_docx(package: Package, made_on: date, office: str, serial: str) -> bytes:
    """The Word file of a package; every sentence carries the code of its item (R-24, R-25)."""
    year = package.snapshot.year
    word = gongwen.new_paper(f"{package.team.short}定性证据包（{year}年度）", serial=serial)
    gongwen.add_title(word, "定性证据包")
    gongwen.add_title(word, f"（{package.team.short}，{year}年度）")
    gongwen.add_blank(word)
    gongwen.add_heading(word, "一、统计", 1)
    for line in statistics_lines(package):
        gongwen.add_body(word, line)
    gongwen.add_heading(word, "二、事实", 1)
    for number, item in enumerate(package.lines, 1):
        row = item.row
        care = (
            f"（不利条目。单位说明：{row['response'] or '逾期未说明'}；容错审查：{row['leniency']}）"
            if row["adverse"]
            else ""
        )
        own = "（单位自报，已核实）" if row["self_published"] else ""
        gongwen.add_cited(word, f"{number}.{item.fact}{own}{care}〔{row['code']}〕")
    if not package.lines:
        gongwen.add_body(word, "没有已核实的条目。没有信息不等于没有情况。")
    gongwen.add_heading(word, "三、评审人已阅", 1)
    gongwen.add_body(word, "评审人：　　　　　　　　日期：")
    gongwen.add_blank(word)
    gongwen.add_body(word, "附件：条目清单")
    gongwen.add_signature(word, office, made_on)
    gongwen.add_attachment(word, "附件", "条目清单")
    rows = [
        (
            line.row["code"], terms.topic_name(line.row["label"]), line.row["origin"] or line.row["source"],
            line.row["date"], line.row["state"], str(line.row["independent"]), str(line.row["prints"] - 1),
        )
        for line in package.lines
    ]  # fmt: skip
    gongwen.add_table(word, COLUMNS, rows, WIDTHS, numeric=2)
    return gongwen.to_bytes(word)


def statistics_lines(package: Package) -> list[str]:
    """Counts with their shares, and the banners (R-26)."""
    counted = package.statistics
    return [
        f"在档条目{counted.total}条，其中已核实{counted.verified}条，占{counted.verified_share}；自采自发或自报"
        f"{counted.self_published}条，占{counted.self_published_share}。不利条目{counted.adverse}条。"
        f"另有待核实{counted.waiting}条，不列入。",
        f"材料截止{written(package.snapshot.cutoff)}，年度快照第{package.snapshot.version}版，指纹"
        f"{package.snapshot.sha256[:16]}。",
        *(f"【{banner}】" for banner in package.banners),
    ]
