"""What differs between two versions of a quarter's assessment, and between a version and the data as they stand now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from appraisal.decimals import plain, show
from appraisal.pins import differences as pin_differences
from appraisal.quarterly.grading import counts_of, lights_of
from appraisal.review.quarter import parse_quarter
from storage.tables import QuarterRun

FIELDS = (("value", "累计数"), ("growth", "增速%"), ("target", "年度目标"), ("status", "数据状态"), ("score", "得分"))
PARTS = (("s4", "核心指标得分"), ("s3", "重点工作得分"), ("reference", "季度参考"))


@dataclass(frozen=True)
class Change:
    """One thing of one team that is not the same."""

    team_id: str
    team: str
    what: str
    before: str
    after: str


def run_differences(before: QuarterRun, after: QuarterRun) -> list[Change]:
    """Every figure, level and part that changed from one version to another, in roster order."""
    old = {line["team_id"]: line for line in before.content["lines"]}
    new = {line["team_id"]: line for line in after.content["lines"]}
    found: list[Change] = []
    for name, label in (("book", "指标体系"), ("rule", "考核规则")):
        if before.content[name] != after.content[name]:
            found.append(Change("", "", label, before.content[name], after.content[name]))
    for key in dict.fromkeys((*new, *old)):
        team = (new.get(key) or old[key])["team"]
        if key not in old or key not in new:
            listed = [("列入" if key in one else "未列入") for one in (old, new)]
            found.append(Change(key, team, "参评范围", listed[0], listed[1]))
            continue
        found += [Change(key, team, *rest) for rest in _line(old[key], new[key])]
    return found


def since_run(session: Session, row: QuarterRun) -> list[Change]:
    """What has come in since a version was computed: figures, targets, book; levels of tasks and counts."""
    quarter = parse_quarter(row.quarter)
    codes = {core["name"] for line in row.content["lines"] for core in line["core"]}
    found = [
        Change(one.team_id, one.team, f"{one.what}（{one.period}，{one.kind}）", one.before, one.after)
        for one in pin_differences(session, row.pin_id)
        if one.kind in ("修订", "后补", "新增", "目标") and one.what in codes
    ]
    counts, lights = counts_of(session, quarter), lights_of(session, quarter)
    for line in row.content["lines"]:
        key, team = line["team_id"], line["team"]
        shown = {one["number"]: one["shown"] for one in line["lights"]}
        for light in lights.get(key, ()):
            if light.why != shown.get(light.number, "无"):
                before = shown.get(light.number, "无")
                found.append(Change(key, team, f"{light.number}号任务", before, light.why))
        now = counts[key].open if key in counts else 0
        if now != line["counts"]["open"]:
            found.append(Change(key, team, "未核实佐证", str(line["counts"]["open"]), str(now)))
    return found


def _line(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    cores = {core["code"]: core for core in old["core"]}
    for core in new["core"]:
        before = cores.get(core["code"], {})
        for name, label in FIELDS:
            if before.get(name) != core[name]:
                yield f"{core['name']}{label}", _shown(before.get(name), name), _shown(core[name], name)
    lights = {light["number"]: light for light in old["lights"]}
    for light in new["lights"]:
        held = lights.get(light["number"], {"shown": "无", "title": "无"})
        for name, label in (("shown", "进展"), ("title", "内容")):
            if held[name] != light[name]:
                yield f"{light['number']}号任务{label}", held[name], light[name]
    for name, label in PARTS:
        if (old[name] or {}).get("value") != (new[name] or {}).get("value"):
            yield label, (old[name] or {}).get("shown", "—"), (new[name] or {}).get("shown", "—")
    if old["text"] != new["text"]:
        yield "结论表述", old["text"], new["text"]


def _shown(text: str | None, name: str) -> str:
    if text is None:
        return "—"
    return text if name == "status" else show(Decimal(text)) if name == "score" else plain(Decimal(text))
