"""Outbox, rebuilding, what may never be indexed, suggestions and scopes, over a real database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, cadre_zones
from dossier.search.build import build, with_prints
from dossier.search.find import find
from dossier.search.port import IndexedPassage, SearchFilters
from dossier.search.reach import visible_cadres
from dossier.search.suggest import suggest
from dossier.search.tantivy_index import TantivyIndex
from dossier.search.worker import index_pending, reindex
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import (
    Attribution,
    Cadre,
    Capture,
    Category,
    Document,
    Event,
    Evidence,
    EvidenceCadre,
    IndexTask,
    LookAlike,
    Passage,
    Post,
    Source,
    Team,
    TeamAlias,
    Tenure,
    Zone,
)

TODAY = date(2025, 10, 16)
OFFICER = Viewer(1, "jb1", "经办一", "OFF", frozenset({"Z1"}))
OTHER = Viewer(2, "jb2", "经办二", "OFF", frozenset({"Z3"}))
OFFICE = Viewer(3, "kh", "考核办", "KH", None)


@pytest.fixture
def record(database: Database) -> Database:
    """Three teams in two zones, a moved cadre, one source."""
    with database.write() as s:
        s.add_all([Zone(id="Z1", name="城区片"), Zone(id="Z3", name="经济管理片"), Category(id="城区类")])
        s.add_all([Category(id="经济管理"), LookAlike(text="云亭街道")])
        s.flush()
        s.add_all(
            [
                Team(id="D02", full="青棠区", short="青棠区", category_id="城区类", zone_id="Z1", ordinal=1),
                Team(id="D05", full="云亭区", short="云亭区", category_id="城区类", zone_id="Z1", ordinal=2),
                Team(id="MA01", full="澜宁市发展和改革委员会", short="市发改委", category_id="经济管理", zone_id="Z3",
                     ordinal=3),
            ]
        )  # fmt: skip
        s.flush()
        s.add_all([TeamAlias(team_id="D02", alias="青棠"), TeamAlias(team_id="MA01", alias="市发改委")])
        s.add_all([Cadre(id="P003", name="陆屿衡"), Cadre(id="P004", name="顾维楫"), Cadre(id="P099", name="陆未任")])
        s.add_all([Post(id=1, team_id="D02", title="区长"), Post(id=2, team_id="MA01", title="主任"),
                   Post(id=3, team_id="D02", title="区委书记")])  # fmt: skip
        s.flush()
        s.add_all(
            [
                Tenure(cadre_id="P003", post_id=1, start=date(2020, 11, 5), end=date(2023, 8, 20)),
                Tenure(cadre_id="P003", post_id=2, start=date(2023, 8, 20), end=None),
                Tenure(cadre_id="P004", post_id=3, start=date(2021, 6, 10), end=None),
            ]
        )
        s.add_all([Source(id="rb", name="澜宁日报", kind="list"), Source(id="wb", name="澜宁晚报", kind="list")])
    return database


def add_document(session: Session, text: str, source: str = "rb", stage: str = "filed") -> Document:
    capture = Capture(source_id=source, url=text, sha256=text)
    session.add(capture)
    session.flush()
    document = Document(
        capture_id=capture.id, source_id=source, url=text, title=f"题：{text[:6]}", text=text, text_sha256=text,
        stage=stage, published_at=datetime(2024, 5, 20, 23, 30, tzinfo=UTC),
    )  # fmt: skip
    session.add(document)
    session.flush()
    return document


def add_passage(
    session: Session, text: str, teams: Sequence[str] = ("D02",), label: str = "problem", sub_type: str = "",
    cadres: Sequence[str] = (), restricted: bool = False, happening: Event | None = None, stage: str = "filed",
    source: str = "rb",
) -> Passage:  # fmt: skip
    document = add_document(session, text, source, stage)
    first = happening is None
    if happening is None:
        happening = Event()
        session.add(happening)
        session.flush()
    passage = Passage(
        document_id=document.id, ordinal=0, start=0, end=len(text), text=text, label=label, sub_type=sub_type,
        restricted=restricted, event_id=happening.id, relation="first" if first else "exact",
    )  # fmt: skip
    passage.attributions = [Attribution(kind="team", team_id=t, status="accepted") for t in teams]
    passage.attributions += [Attribution(kind="cadre", cadre_id=c, status="accepted") for c in cadres]
    session.add(passage)
    session.flush()
    if first:
        for team in teams or [None]:
            item = Evidence(
                code=f"E-{passage.id}-{team}", event_id=happening.id, passage_id=passage.id, team_id=team,
                team_key=team or "", label=label, sub_type=sub_type, restricted=restricted,
            )  # fmt: skip
            item.cadres = [EvidenceCadre(cadre_id=c) for c in cadres]
            session.add(item)
    session.add(IndexTask(passage_id=passage.id))
    session.flush()
    return passage


def tasks(database: Database) -> int:
    with database.read() as session:
        return len(session.scalars(select(IndexTask.id)).all())


def found(database: Database, index: TantivyIndex, text: str, viewer: Viewer = OFFICE) -> set[int]:
    with database.read() as session:
        return {h.id for h in find(session, viewer, index, text, TODAY, all_prints=True).result.hits}


def test_the_outbox_is_worked_off_and_officers_decisions_are_found(record: Database, tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    assert index_pending(record, index) == 0  # an empty record: an empty index, and no complaint from now on
    assert found(record, index, "小区") == set()
    with record.write() as s:
        passage = add_passage(s, "青棠区老旧小区改造推进迟缓。", cadres=["P004"])
    assert index_pending(record, index, batch=1) == 1
    assert tasks(record) == 0
    with record.read() as s:
        hit = find(s, OFFICER, index, "青棠 老旧小区 2024 上半年 问题", TODAY).result.hits[0]
    assert (hit.id, hit.teams, hit.cadres, hit.states) == (passage.id, ("D02",), ("P004",), ("待确认",))
    assert hit.date == date(2024, 5, 21)  # 23:30 UTC is the next morning here
    with record.write() as s:
        item = s.scalars(select(Evidence)).one()
        item.team_id, item.label, item.state = "D05", "practice", terms.ADOPTED
        s.add(IndexTask(passage_id=passage.id))
    assert index_pending(record, index) == 1
    with record.read() as s:
        moved = find(s, OFFICER, index, "", TODAY, SearchFilters(team=("D05",), topic=("practice",))).result
        assert [h.states for h in moved.hits] == [("已采用",)]
        assert find(s, OFFICER, index, "", TODAY, SearchFilters(team=("D02",))).result.total == 0


def test_a_first_start_builds_the_whole_index(record: Database, tmp_path: Path) -> None:
    with record.write() as s:
        for number in range(5):
            add_passage(s, f"青棠区第{number}号供水管网建成。")
        s.query(IndexTask).delete()
    index = TantivyIndex(tmp_path / "index")
    index_pending(record, index)
    assert index.count() == 5


def test_restricted_and_quarantined_are_never_indexed(record: Database, tmp_path: Path) -> None:
    with record.write() as s:
        add_passage(s, "一名班子成员因病住院。", label="major_matter", sub_type="ZD7", restricted=True)
        add_passage(s, "有关同志接受审查。", label="major_matter", sub_type="ZD8")  # not flagged, still closed
        by_item = add_passage(s, "某事项转入受限。")
        s.scalars(select(Evidence).where(Evidence.passage_id == by_item.id)).one().restricted = True
        later = add_passage(s, "经办改为违纪类。", label="major_matter")
        s.scalars(select(Evidence).where(Evidence.passage_id == later.id)).one().sub_type = "ZD8"
        add_passage(s, "（已隔离）", stage="quarantined")
        add_passage(s, "还没有立卷的文章。", stage="understood")
        open_one = add_passage(s, "青棠区供水管网建成。")
    index = TantivyIndex(tmp_path / "index")
    seen: list[tuple[int, int]] = []
    assert reindex(record, index, progress=lambda done, total: seen.append((done, total)), batch=3) == 1
    assert seen[-1] == (7, 7)
    assert found(record, index, "") == {open_one.id}
    assert tasks(record) == 0


@pytest.mark.parametrize("state", [terms.UNTRUE, terms.UNVERIFIABLE, terms.WITHDRAWN])
def test_what_proved_untrue_leaves_the_index_with_all_its_prints(
    record: Database, tmp_path: Path, state: str
) -> None:  # fmt: skip
    index = TantivyIndex(tmp_path / "index")
    with record.write() as s:
        first = add_passage(s, "青棠区被指数据造假。")
        add_passage(s, "青棠区被指数据造假。转载", happening=s.get_one(Event, first.event_id), source="wb")
    index_pending(record, index)
    assert len(found(record, index, "数据造假")) == 2
    with record.write() as s:
        s.scalars(select(Evidence)).one().state = state
        s.add(IndexTask(passage_id=first.id))
    index_pending(record, index)
    assert found(record, index, "数据造假") == set()
    assert index.count() == 0


def test_of_a_partly_true_item_only_the_true_part_is_found(record: Database, tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    with record.write() as s:
        add_passage(s, "青棠区三个小区逾期，且有人挪用资金。")
        item = s.scalars(select(Evidence)).one()
        item.state, item.true_part = terms.PARTLY, "青棠区三个小区逾期。"
    index_pending(record, index)
    assert len(found(record, index, "逾期")) == 1
    assert found(record, index, "挪用资金") == set()


def test_a_crash_before_the_commit_loses_nothing(
    record: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = TantivyIndex(tmp_path / "index")
    index_pending(record, index)
    with record.write() as s:
        add_passage(s, "青棠区供水管网建成。")

    def broken(complete: bool = False) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(index, "commit", broken)
        with pytest.raises(OSError, match="disk full"):
            index_pending(record, index)
    assert tasks(record) == 1
    assert found(record, index, "供水") == set()
    assert index_pending(record, index) == 1
    assert len(found(record, index, "供水")) == 1


def test_a_task_that_arrives_meanwhile_is_kept(record: Database, tmp_path: Path) -> None:
    with record.write() as s:
        add_passage(s, "青棠区供水管网建成。")

    class Slow(TantivyIndex):
        def upsert(self, passages: Sequence[IndexedPassage]) -> None:
            super().upsert(passages)
            with record.write() as s:
                s.add(IndexTask(passage_id=4242))

    index = Slow(tmp_path / "index")
    reindex(record, index)
    assert tasks(record) == 1


def test_a_deleted_passage_leaves_the_index(record: Database, tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    with record.write() as s:
        passage = add_passage(s, "青棠区供水管网建成。", teams=[])
    index_pending(record, index)
    assert index.count() == 1
    with record.write() as s:
        s.query(Evidence).delete()
        s.query(Passage).delete()
        s.add(IndexTask(passage_id=passage.id))
    index_pending(record, index)
    assert index.count() == 0


def test_the_builder_asks_the_same_number_of_questions_for_any_batch(record: Database) -> None:
    with record.write() as s:
        for number in range(40):
            add_passage(s, f"青棠区第{number}号供水管网建成。", teams=["D02", "MA01"], cadres=["P004"])
    asked: list[str] = []
    event.listen(record.reader, "before_cursor_execute", lambda _c, _cur, sql, *_rest: asked.append(sql))
    counts = []
    for size in (2, 40):
        with record.read() as s:
            asked.clear()
            ids = with_prints(s, range(1, size + 1))
            assert len(build(s, ids)) == size
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_scope_zones_recusals_and_roles(record: Database, tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    with record.write() as s:
        shared = add_passage(s, "市发改委与青棠区谋划项目。", teams=["D02", "MA01"], label="practice", cadres=["P003"])
        nobody = add_passage(s, "城区项目多。", teams=[], label="routine")
        moved = add_passage(s, "青棠区项目由陆屿衡调研。", label="routine", cadres=["P004"])
        moved.attributions.append(Attribution(kind="cadre", status="undecided", candidates=["P003", "P099"]))
    index_pending(record, index)
    assert found(record, index, "项目", OFFICER) == {shared.id, nobody.id, moved.id}
    assert found(record, index, "项目", OTHER) == {shared.id, nobody.id}
    assert found(record, index, "项目", replace(OFFICER, recused_teams=frozenset({"MA01"}))) == {nobody.id, moved.id}
    recused = replace(OFFICER, recused_cadres=frozenset({"P003"}))
    assert found(record, index, "项目", recused) == {nobody.id}  # a mere candidate closes it too
    with record.read() as s:
        facets = find(s, OTHER, index, "项目", TODAY).result.facets
        assert facets["team"] == (("MA01", 1),)
        assert facets["cadre"] == (("P003", 1),)
        query = find(s, OTHER, index, "青棠", TODAY).query
        assert query.interpreted == ()  # another zone's team is not explained
        for role in ("SYS", "AUD"):
            with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
                find(s, replace(OFFICE, role=role), index, "项目", TODAY)
            with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
                suggest(s, replace(OFFICE, role=role), "青", TODAY)


def test_suggestions_stay_in_the_zones(record: Database) -> None:
    with record.read() as s:
        assert [(x.kind, x.id) for x in suggest(s, OFFICE, "青", TODAY)] == [("team", "D02")]
        assert suggest(s, OTHER, "青", TODAY) == []
        assert suggest(s, OFFICER, "市发改", TODAY) == []
        offered = suggest(s, OTHER, "市发改", TODAY)
        assert [(x.text, x.because) for x in offered] == [("澜宁市发展和改革委员会", "市发改委")]
        assert [x.id for x in suggest(s, OTHER, "发展", TODAY)] == ["MA01"]
        assert [x.id for x in suggest(s, OTHER, "陆", TODAY)] == ["P003"]  # the dossier moved with the person
        assert suggest(s, OFFICER, "陆", TODAY) == []
        assert [x.id for x in suggest(s, OFFICER, "陆", date(2023, 8, 19))] == ["P003"]
        assert suggest(s, OTHER, "屿衡", TODAY) == []
        assert suggest(s, replace(OTHER, recused_cadres=frozenset({"P003"})), "陆", TODAY) == []
        assert suggest(s, replace(OTHER, recused_teams=frozenset({"MA01"})), "市发改", TODAY) == []
        for typed in ("", " ", "，", "%", "_", "'; --", "\x00"):
            assert suggest(s, OFFICE, typed, TODAY) == []


def test_visible_cadres_agree_with_the_dossier_rule(record: Database) -> None:
    with record.read() as s:
        for on in (date(2019, 1, 1), date(2023, 8, 19), date(2023, 8, 20), TODAY):
            for viewer in (OFFICER, OTHER):
                assert viewer.zones is not None
                one_by_one = {c for c in ("P003", "P004", "P099") if cadre_zones(s, on, c).get(c, set()) & viewer.zones}
                assert visible_cadres(s, viewer, on) == one_by_one
