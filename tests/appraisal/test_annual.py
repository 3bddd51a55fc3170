"""The annual assessment: snapshot, evidence package, judgement, contradictions (domain.md §1.13, §2.6, R-35)."""

from __future__ import annotations

import pytest
from record_world import evidence, viewer
from sqlalchemy import select, text

from appraisal.annual import contradictions, matrix, package, snapshot
from appraisal.annual.frozen import rows_of
from dossier import terms, verify
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import AnnualSnapshot, DataPoint, IndicatorImport
from tests.appraisal import annual_world as world
from tests.appraisal.annual_world import record, year_template

__all__ = ["record", "year_template"]


def freeze(record: Database) -> int:
    with record.write() as session:
        return snapshot.make_snapshot(session, viewer(session, "kh"), 2024, world.CUTOFF, world.TODAY).id


def packaged(record: Database, team: str = "D01") -> tuple[int, int]:
    """A snapshot after the hearing of one failure, and the confirmed package of a team."""
    with record.write() as session:
        world.hear(session, world.FAILURE)
    made = freeze(record)
    with record.write() as session:
        row = package.draft_package(session, viewer(session, "kh"), made, team)
        package.confirm_package(session, viewer(session, "head1"), row.id)
        return made, row.id


def test_a_snapshot_holds_evidence_versions_weights_methods_and_scores(record: Database) -> None:
    made = freeze(record)
    with record.read() as session:
        content = snapshot.read_content(session.get_one(AnnualSnapshot, made))
    rows = {row["excerpt"][:8]: row for row in rows_of(content, "D01")}
    assert len(rows) == 5
    assert {row["state"] for row in rows.values()} == {terms.ADOPTED, terms.VERIFIED}
    assert content["open"] == {"D09": 1}
    assert not [row for row in content["items"] if row["team"] == "D09"]  # what waits is a number only
    assert any(card["code"] == "G1" and card["weight"] for card in content["book"]["indicators"])
    assert len(content["figures"]) > 100
    assert all(len(line) == 8 for line in content["figures"])
    assert content["scores"]["D01"]["score"]


def test_a_snapshot_is_the_same_after_data_were_revised(record: Database) -> None:
    made = freeze(record)
    with record.read() as session:
        before = session.get_one(AnnualSnapshot, made)
        scores = snapshot.read_content(before)["scores"]
    world.load(record, "fixed_investment_2023_revised")
    with record.write() as session:  # 2024 is revised too, a text corrected, an item withdrawn
        old = session.scalars(
            select(DataPoint)
            .where(DataPoint.indicator_code == "G2", DataPoint.team_id == "D01")
            .where(DataPoint.period == "2024年")
        ).one()
        source = session.scalars(select(IndicatorImport)).first()
        session.add(
            DataPoint(
                indicator_code="G2", team_id="D01", period="2024年", version=old.version + 1, value=old.value * 2,
                import_id=source.id,
            )
        )  # fmt: skip
        item = evidence(session, world.PRAISE[:12])
        verify.withdraw(session, viewer(session, "head1"), item.id, terms.WITHDRAWN, "奖项名称有误")
    with record.read() as session:
        again = snapshot.recompute(session, made)
        assert again.same
        assert again.sha256 == before.sha256
        assert again.changed == ()
        assert snapshot.read_content(session.get_one(AnnualSnapshot, made))["scores"] == scores
    later = freeze(record)
    with record.read() as session:
        second = session.get_one(AnnualSnapshot, later)
        assert (second.version, second.sha256 == before.sha256) == (2, False)
        assert snapshot.read_content(second)["scores"]["D01"]["score"] != scores["D01"]["score"]


def test_a_snapshot_that_was_touched_is_told(record: Database) -> None:
    made = freeze(record)
    with record.writer.begin() as connection:
        connection.execute(text("UPDATE data_point SET value = '1' WHERE indicator_code = 'G2' AND period = '2024年'"))
    with record.read() as session:
        again = snapshot.recompute(session, made)
        assert not again.same
        assert again.changed
    with record.writer.begin() as connection:
        connection.execute(text("UPDATE annual_snapshot SET content = replace(content, '营商', '经商')"))
    with record.read() as session, pytest.raises(ShijiError, match="SNAPSHOT-BROKEN"):
        snapshot.recompute(session, made)


def test_only_the_assessment_office_freezes_and_not_before_the_year_is_over(record: Database) -> None:
    with record.write() as session:
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            snapshot.make_snapshot(session, viewer(session, "head1"), 2024, world.CUTOFF, world.TODAY)
        with pytest.raises(ShijiError, match="SNAPSHOT-CUTOFF"):
            snapshot.make_snapshot(session, viewer(session, "kh"), 2025, world.TODAY, world.TODAY)


def test_an_adverse_item_without_notice_and_leniency_cannot_enter(record: Database) -> None:
    made = freeze(record)
    with record.write() as session:
        kh = viewer(session, "kh")
        row = package.draft_package(session, kh, made, "D01")
        shown = package.get_package(session, kh, row.id)
        failure = evidence(session, world.FAILURE[:12])
        assert {one["code"] for one in shown.blocked} == {failure.code, evidence(session, world.SECOND[:12]).code}
        assert shown.blocked[0]["gap"] == "未告知单位、容错审查未登记"
        with pytest.raises(ShijiError, match=r"PACKAGE-ADVERSE.*未告知单位"):
            package.add_item(session, kh, row.id, failure.id)
        with pytest.raises(ShijiError, match=r"PACKAGE-ADVERSE.*尚未列入"):
            package.confirm_package(session, viewer(session, "head1"), row.id)
        with pytest.raises(ShijiError, match="PACKAGE-UNVERIFIED"):
            package.add_item(session, kh, row.id, evidence(session, world.OWN[:12]).id)


def test_the_strongest_adverse_item_is_in_with_the_units_answer(record: Database) -> None:
    _made, package_id = packaged(record)
    with record.write() as session:
        head = viewer(session, "head1")
        shown = package.get_package(session, head, package_id)
        first = shown.lines[0].row
        assert first["code"] == evidence(session, world.FAILURE[:12]).code
        assert (first["response"], first["leniency"]) == ("已停工整改，责任人已处理。（复核：维持）", "不涉及")
        assert shown.statistics.as_dict() == {
            "total": 5, "verified": 4, "verified_share": "80%", "self_published": 1, "self_published_share": "20%",
            "adverse": 2, "waiting": 0,
        }  # fmt: skip
        with pytest.raises(ShijiError, match="PACKAGE-STATE"):
            package.remove_item(session, head, package_id, first["id"])


def test_the_strongest_cannot_be_taken_out_and_sentences_are_single(record: Database) -> None:
    with record.write() as session:
        world.hear(session, world.FAILURE)
    made = freeze(record)
    with record.write() as session:
        kh = viewer(session, "kh")
        row = package.draft_package(session, kh, made, "D01")
        lines = package.get_package(session, kh, row.id).lines
        assert len(lines) == 3
        with pytest.raises(ShijiError, match="PACKAGE-STRONGEST"):
            package.remove_item(session, kh, row.id, lines[0].row["id"])
        package.remove_item(session, kh, row.id, lines[1].row["id"])
        package.add_item(session, kh, row.id, lines[1].row["id"])
        with pytest.raises(ShijiError, match="PACKAGE-FACT"):
            package.write_fact(session, kh, row.id, lines[0].row["id"], "第一句。第二句。")
        package.write_fact(session, kh, row.id, lines[0].row["id"], "8月12日一处工地坍塌，区政府被责令限期整改")
        shown = package.get_package(session, kh, row.id)
        assert shown.lines[0].fact == "8月12日一处工地坍塌，区政府被责令限期整改。"
        row.prepared_by = viewer(session, "head1").user_id
        with pytest.raises(ShijiError, match="PACKAGE-SAME"):
            package.confirm_package(session, viewer(session, "head1"), row.id)


def test_no_judgement_before_the_package_was_read(record: Database) -> None:
    made, package_id = packaged(record)
    with record.write() as session:
        dep, kh = viewer(session, "dep"), viewer(session, "kh")
        with pytest.raises(ShijiError, match="JUDGEMENT-UNREAD"):
            matrix.judge(session, dep, package_id, "个人", "运行平稳", "事实清楚")
        matrix.confirm_reading(session, dep, package_id)
        with pytest.raises(ShijiError, match="JUDGEMENT-REASONS"):
            matrix.judge(session, dep, package_id, "个人", "运行平稳", " ")
        matrix.judge(session, dep, package_id, "个人", "运行平稳", "事实清楚")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            matrix.judge(session, dep, package_id, "集体", "运行平稳", "会议研究")
        matrix.confirm_reading(session, kh, package_id)
        matrix.judge(session, kh, package_id, "集体", "需要关注", "坍塌事故经核实", "一人认为应为运行平稳")
    with record.read() as session:
        rows = {row.team_id: row for row in matrix.matrix(session, viewer(session, "min"), made)}
        assert (rows["D01"].quality, rows["D01"].dissent) == ("需要关注", "一人认为应为运行平稳")
        assert rows["D01"].band in ("前20%", "20%～80%", "后20%")
        assert rows["D06"].band == "同类不足3个"
        assert rows["D02"].quality == ""  # nothing is preselected
        assert [j.kind for j in matrix.judgements(session, viewer(session, "head2"), package_id)] == ["集体"]


def test_contradictions_stand_side_by_side_and_people_conclude(record: Database) -> None:
    made = freeze(record)
    with record.write() as session:
        off = viewer(session, "off1")
        found = contradictions.contradictions(session, off, made, "D02")
        (claim,) = [one for one in found if one.kind == "报道与官方数"]
        assert "固定资产投资" in claim.figure
        assert "报道称999亿元" in claim.evidence
        assert claim.difference.startswith("相差 +")
        contradictions.conclude(session, off, made, "D02", claim.key, "报道为计划数，已更正表述")
        with pytest.raises(ShijiError, match="CONTRADICTION-UNKNOWN"):
            contradictions.conclude(session, off, made, "D02", "没有", "x")
    with record.read() as session:
        again = contradictions.contradictions(session, viewer(session, "off1"), made, "D02")
        assert "报道为计划数，已更正表述" in [one.conclusion for one in again]


def test_another_zones_package_is_not_found(record: Database) -> None:
    _made, package_id = packaged(record)
    with record.read() as session, pytest.raises(ShijiError, match="TEAM-UNKNOWN"):
        package.get_package(session, viewer(session, "off3"), package_id)
