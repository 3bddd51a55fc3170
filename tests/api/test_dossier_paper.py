"""一班一档 and 一人一档 on paper: cover, contents, marks on every page; who printed what for which purpose (§4.12)."""

from __future__ import annotations

import io
import zipfile

from docx import Document as open_word
from sqlalchemy import select
from web_world import World

from storage.tables import AuditEntry

TEAM = ("基本情况", "班子结构", "指标与季度考核", "信息条目", "核查记录", "重要事项", "谈话", "通报与整改", "分析研判",
        "年度考核结果", "附件")  # fmt: skip
CADRE = (
    "任职时间线", "两项重点任务", "分管领域信息条目", "业绩和责任记实", "谈话与落实", "年度考核", "申辩与澄清", "附件",
)  # fmt: skip


def contents(data: bytes) -> dict[str, str]:
    """The table of contents: section -> what it holds."""
    return {row.cells[1].text: row.cells[2].text for row in open_word(io.BytesIO(data)).tables[0].rows[1:]}


def exports(world: World, kind: str) -> list[AuditEntry]:
    with world.system.database.read() as session:
        found = select(AuditEntry).where(AuditEntry.action == "export", AuditEntry.object_kind == kind)
        return list(session.scalars(found))


def test_team_dossier_has_cover_contents_and_its_marks_on_every_page(world: World) -> None:
    officer = world.client("off1")
    officer.post(f"/api/evidence/{world.items['park']}/accept", json={"version": world.item("park").version})
    answer = officer.get("/teams/D01.docx")
    assert answer.status_code == 200
    found = contents(answer.content)
    assert tuple(found) == TEAM
    assert found["重要事项"] == "受控，另册保管，不在本档列示"
    assert found["年度考核结果"] == "按权限另册"  # grades are not an officer's
    words = [p.text for p in open_word(io.BytesIO(answer.content)).paragraphs]
    assert words.index("一班一档") < words.index("目　　录") < words.index("二、班子结构")
    assert any(w.startswith("经手人：苏禾") for w in words)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        heads = [file.read(n).decode() for n in file.namelist() if n.startswith("word/header")]
    assert len(heads) == 2
    assert all("苏禾　2025年10月16日" in head and "v:textpath" in head for head in heads)
    assert [e.object_id for e in exports(world, "team")] == ["D01"]
    assert world.client("off2").get("/teams/D01.docx").status_code in (403, 404)


def test_cadre_dossier_asks_for_its_purpose_and_prints_it(world: World) -> None:
    officer = world.client("off1")
    assert officer.get("/cadres/P001.docx").status_code >= 400
    assert exports(world, "cadre") == []
    answer = officer.get("/api/cadres/P001.docx", params={"purpose": "谈话"})
    assert answer.status_code == 200, answer.text
    assert tuple(contents(answer.content)) == CADRE
    assert "查阅用途：谈话" in [p.text for p in open_word(io.BytesIO(answer.content)).paragraphs]
    assert [(e.object_id, e.purpose) for e in exports(world, "cadre")] == [("P001", "谈话")]
