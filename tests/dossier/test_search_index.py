"""One contract, every engine: tantivy, the Elasticsearch adapter on a stand-in, and a real server when one is named."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import tantivy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.search.elastic_index import ElasticIndex, connect
from dossier.search.engine import open_index
from dossier.search.port import (
    IndexedPassage,
    SearchFilters,
    SearchIndex,
    SearchRequest,
    SearchResult,
    SearchScope,
    passage_from_json,
)
from dossier.search.query import parse
from dossier.search.tantivy_index import TantivyIndex
from storage.errors import ShijiError
from storage.settings import Settings
from tests.dossier.fake_elasticsearch import Store, fake_server
from tests.dossier.search_passages import BOOK, CITY, ECONOMY, EVERYTHING, PASSAGES, item, passage

TODAY = date(2025, 10, 16)


@pytest.fixture(params=["tantivy", "stand-in", "elasticsearch"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    if request.param == "tantivy":
        yield TantivyIndex(tmp_path / "index")
    elif request.param == "stand-in":
        with fake_server() as (url, _store):
            client = connect(Settings(elasticsearch=url))
            yield ElasticIndex(client, "shiji")
            client.close()
    else:
        server = os.environ.get("SHIJI_TEST_ELASTICSEARCH")
        if not server:
            pytest.skip("SHIJI_TEST_ELASTICSEARCH names no Elasticsearch server")
        client = connect(Settings(elasticsearch=server))
        index = ElasticIndex(client, f"shiji-test-{uuid.uuid4().hex[:12]}")
        index.wait_ready()
        yield index
        client.indices.delete(index=index.name, ignore_unavailable=True)
        client.close()


@pytest.fixture
def index(empty: SearchIndex) -> SearchIndex:
    empty.clear()
    empty.upsert(PASSAGES)
    empty.commit(complete=True)
    return empty


def ask(
    index: SearchIndex, text: str, scope: SearchScope = EVERYTHING, filters: SearchFilters | None = None,
    sort: str = "relevance", offset: int = 0, limit: int = 20, all_prints: bool = False,
) -> SearchResult:  # fmt: skip
    query = parse(text, TODAY, BOOK)
    return index.search(SearchRequest(query, scope, filters or SearchFilters(), sort, offset, limit, all_prints))


def ids(result: SearchResult) -> set[int]:
    assert result.total >= len(result.hits)
    return {hit.id for hit in result.hits}


def test_an_index_never_built_says_so(empty: SearchIndex) -> None:
    assert not empty.built()
    with pytest.raises(ShijiError, match="shiji reindex") as raised:
        ask(empty, "青棠")
    assert raised.value.code == "SEARCH-MISSING"
    empty.upsert(PASSAGES[:1])
    empty.commit()
    assert not empty.built()  # a few passages are not the whole: an empty answer must not look like calm


def test_journey_nine(index: SearchIndex) -> None:
    result = ask(index, "青棠 老旧小区 2024 上半年 问题")
    assert ids(result) == {1}
    hit = result.hits[0]
    assert (hit.topics, hit.states, hit.teams, hit.codes) == (("problem",), ("待核实",), ("D02",), ("E-11",))
    assert hit.source == "澜宁日报"
    assert hit.date == date(2024, 5, 20)
    assert "".join(piece for piece, _ in hit.highlight) == PASSAGES[0].text
    assert {piece for piece, found in hit.highlight if found} == {"青棠区老旧小区", "小区"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("老旧小区", {1, 2}),
        ("老旧小区 迟缓", {1}),
        ("老旧小区 -迟缓", {2}),
        ('"小区改造推"', {1}),  # any fragment, not only dictionary words
        ('"改造迟缓"', set()),  # exact means exact
        ("改造迟缓", {1}),
        ("供水 OR 中雨", {5, 6}),
        ("发改委", set()),
        ("市发改委", {3}),
        ("澜宁市发展和改革委员会", {3}),  # found by what it is attributed to, whatever the text calls it
        ("通报", {1}),  # title counts
        ("-青棠 -云亭区", {6, 8, 9}),
    ],
)
def test_words(index: SearchIndex, typed: str, expected: set[int]) -> None:
    if typed == "发改委":
        assert ids(ask(index, typed)) == {3}  # a fragment of 市发改委 in the text
        return
    assert ids(ask(index, typed)) == expected


def test_names_never_find_their_look_alikes(index: SearchIndex) -> None:
    assert ids(ask(index, "云亭")) == {5}
    assert ids(ask(index, "云亭街道")) == {4}
    assert ids(ask(index, '"云亭"')) == {4, 5}  # asked for exactly as written
    assert ids(ask(index, "云亭山")) == set()
    assert ids(ask(index, "王伟")) == {8}  # neither 王炜 nor 王，伟


def test_only_first_prints_unless_asked(index: SearchIndex) -> None:
    assert ids(ask(index, "逾期未完工")) == {1}
    assert ids(ask(index, "逾期未完工", all_prints=True)) == {1, 7}


def test_filters(index: SearchIndex) -> None:
    def found(**chosen: object) -> set[int]:
        return ids(ask(index, "", filters=SearchFilters(**chosen)))  # type: ignore[arg-type]

    assert found(team=("D02",)) == {1, 2, 3, 4}
    assert found(team=("D02", "D05")) == {1, 2, 3, 4, 5}
    assert found(cadre=("P004",)) == {1, 3}
    assert found(topic=("problem",)) == {1, 3}
    assert found(topic=("problem", "highlight")) == {1, 2, 3, 5}
    assert found(state=("未入库",)) == {6}
    assert found(source=("qx",)) == {6}
    assert found(year=2023) == {3}
    assert found(date_from=date(2024, 5, 20), date_to=date(2025, 1, 5)) == {1, 4}
    assert found(self_published=True) == {2}
    assert found(self_published=False) == {1, 3, 4, 5, 6, 8, 9}
    assert ids(ask(index, "亮点", filters=SearchFilters(topic=("problem",)))) == set()


def test_team_and_topic_must_hold_of_one_item(index: SearchIndex) -> None:
    blamed = SearchFilters(team=("MA01",), topic=("problem",))
    assert ids(ask(index, "", filters=blamed)) == set()  # the problem of passage 3 is D02's
    assert ids(ask(index, "", filters=replace(blamed, team=("D02",)))) == {1, 3}
    assert ids(ask(index, "", filters=SearchFilters(team=("D02",), topic=("problem",), state=("已采用",)))) == set()


def test_another_zone_never_shows(index: SearchIndex) -> None:
    result = ask(index, "项目", ECONOMY)
    assert ids(result) == {3}
    hit = result.hits[0]
    assert (hit.teams, hit.topics, hit.states, hit.codes, hit.cadres) == (
        ("MA01",), ("practice",), ("已采用",), ("E-13",), ("P003",),
    )  # fmt: skip
    assert result.facets["team"] == (("MA01", 1),)
    assert result.facets["cadre"] == (("P003", 1),)
    assert result.facets["topic"] == (("practice", 1),)
    assert result.facets["state"] == (("已采用", 1),)
    everything = ask(index, "", ECONOMY)
    assert ids(everything) == {3, 6, 9}  # 6 has no team: nobody's yet, everybody's to sort
    assert everything.total == 3
    assert ids(ask(index, "问题", ECONOMY)) == set()  # D02's problem of passage 3 is not theirs to filter by
    assert ids(ask(index, "", ECONOMY, SearchFilters(team=("D02",)))) == set()
    assert ids(ask(index, "", ECONOMY, SearchFilters(cadre=("P004",)))) == set()


def test_recusal_closes_everything_about_the_team_or_cadre(index: SearchIndex) -> None:
    no_team = replace(EVERYTHING, hidden_teams=frozenset({"MA01"}))
    assert 3 not in ids(ask(index, "青棠", no_team))
    no_cadre = replace(CITY, hidden_cadres=frozenset({"P004"}))
    result = ask(index, "青棠", no_cadre)
    assert ids(result) == {2, 4}
    assert dict(result.facets["team"]) == {"D02": 2}
    assert result.facets["cadre"] == ()


def test_facets_count_what_is_found(index: SearchIndex) -> None:
    result = ask(index, "")
    assert result.total == 8
    assert dict(result.facets["topic"]) == {"problem": 2, "highlight": 2, "practice": 2, "routine": 2, "irrelevant": 1}
    assert dict(result.facets["year"]) == {"2023": 1, "2024": 4, "2025": 3}
    assert result.facets["year"][0][0] == "2025"
    assert dict(result.facets["source"]) == {"rb": 7, "qx": 1}
    of_team = ask(index, "", filters=SearchFilters(team=("MA01",)))
    assert of_team.facets["topic"] == (("practice", 1),)  # not D02's problem in the same passage
    two_zones = ask(index, "", replace(EVERYTHING, zones=frozenset({"Z1", "Z3"})))
    assert dict(two_zones.facets["topic"]) == {"problem": 2, "highlight": 2, "practice": 1, "routine": 2,
                                               "irrelevant": 1}  # fmt: skip


def test_order_and_pages(index: SearchIndex) -> None:
    newest = [h.id for h in ask(index, "青棠", sort="date").hits]
    assert newest == [4, 1, 2, 3]
    assert [h.id for h in ask(index, "青棠", sort="date", offset=1, limit=2).hits] == [1, 2]
    assert ask(index, "青棠", sort="date", offset=1, limit=2).total == 4
    assert ask(index, "青棠", limit=0).hits == ()
    assert [h.id for h in ask(index, "").hits][:2] == [6, 5]  # no words: newest first
    with pytest.raises(ShijiError, match="SEARCH-DEPTH"):
        ask(index, "青棠", offset=9_990, limit=20)


def test_upsert_replaces_and_delete_removes(index: SearchIndex) -> None:
    assert index.count() == len(PASSAGES)
    index.upsert([replace(PASSAGES[0], items=(item("D05", "Z1", "problem", "核实中", 11),))])
    index.delete([2, 99_999])
    index.commit()
    assert index.count() == len(PASSAGES) - 1
    assert ids(ask(index, "", filters=SearchFilters(team=("D05",), state=("核实中",)))) == {1}
    assert ids(ask(index, "", filters=SearchFilters(state=("待核实",)))) == {3}
    assert ids(ask(index, "加装电梯")) == set()


def test_clear_forgets_everything(index: SearchIndex) -> None:
    index.clear()
    index.upsert([PASSAGES[4]])
    index.commit(complete=True)
    assert index.built()
    assert index.count() == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=30) | st.lists(
        st.sampled_from(["青棠", "老旧", "OR", "-", '"', "问题", "2024", "3月", "，", "￥", "小区", "-雨"]), max_size=6
    ).map(" ".join),
    zones=st.frozensets(st.sampled_from(["Z1", "Z2", "Z3"])),
)  # fmt: skip
def test_no_query_fails_and_no_query_leaves_the_zones(index: SearchIndex, text: str, zones: frozenset[str]) -> None:
    scope = replace(EVERYTHING, zones=zones)
    result = ask(index, text, scope, limit=50)
    assert result.total == len(result.hits)
    seen = {i.zone for hit in result.hits for i in hit.items}
    assert seen <= {*zones, "*"}
    assert sum(n for _key, n in result.facets["year"]) == result.total


def test_the_stored_form_comes_back_whole() -> None:
    for one in PASSAGES:
        assert passage_from_json(one.to_json()) == one


def test_bodies_of_requests_need_no_scripts_and_carry_the_scope() -> None:
    with fake_server() as (url, store):
        client = connect(Settings(elasticsearch=url, elasticsearch_user="u", elasticsearch_password="p"))
        index = ElasticIndex(client, "shiji")
        index.wait_ready()
        index.clear()
        index.upsert(PASSAGES)
        index.commit(complete=True)
        index.search(SearchRequest(parse("青棠 -演练", TODAY, BOOK), ECONOMY))
        client.close()
        _check_requests(store)


def _check_requests(store: Store) -> None:
    assert store.authorizations == {"Basic dTpw"}
    assert ("GET", "/") not in [(m, p) for m, p, _b in store.requests]
    bodies = json.dumps([b for _m, _p, b in store.requests], ensure_ascii=False)
    assert "script" not in bodies
    assert not any("_by_query" in p for _m, p, _b in store.requests)
    (search,) = [b for _m, p, b in store.requests if p == "/shiji/_search"]
    assert search["track_total_hits"] is True
    scope = search["query"]["bool"]["filter"][0]["constant_score"]["filter"]["terms"]
    assert scope == {"keys": ["*||", "Z3||"]}


def test_server_troubles_are_coded() -> None:
    client = connect(Settings(elasticsearch="http://127.0.0.1:9"))
    with pytest.raises(ShijiError, match="SEARCH-ENGINE"):
        ElasticIndex(client, "shiji").built()
    client.close()
    with pytest.raises(ShijiError, match="SEARCH-ENGINE"):
        connect(Settings(elasticsearch="not a url"))


def test_a_refused_passage_is_reported() -> None:
    with fake_server() as (url, store):
        index = ElasticIndex(connect(Settings(elasticsearch=url)), "shiji")
        index.clear()
        del store.indices["shiji"]["mappings"]["properties"]["chars"]
        index.upsert(PASSAGES[:1])
        with pytest.raises(ShijiError, match="SEARCH-BULK"):
            index.commit()


def test_settings_choose_the_engine(tmp_path: Path) -> None:
    assert isinstance(open_index(Settings(data_text=str(tmp_path))), TantivyIndex)
    assert not (tmp_path / "index").exists()
    assert isinstance(open_index(Settings(elasticsearch="http://127.0.0.1:9")), ElasticIndex)


def _built(folder: Path) -> TantivyIndex:
    index = TantivyIndex(folder)
    index.clear()
    index.upsert(PASSAGES)
    index.commit(complete=True)
    return index


def test_a_damaged_folder_says_what_to_do_and_can_be_rebuilt(tmp_path: Path) -> None:
    _built(tmp_path / "index")
    (tmp_path / "index" / "meta.json").write_text("{")
    index = TantivyIndex(tmp_path / "index")
    with pytest.raises(ShijiError, match="shiji reindex") as raised:
        ask(index, "青棠")
    assert raised.value.code == "SEARCH-DAMAGED"
    index.clear()
    index.upsert(PASSAGES[:1])
    index.commit(complete=True)
    assert ids(ask(index, "青棠")) == {1}


def test_a_vanished_folder_is_missing_not_empty(tmp_path: Path) -> None:
    index = _built(tmp_path / "index")
    for file in (tmp_path / "index").iterdir():
        file.unlink()
    with pytest.raises(ShijiError, match="SEARCH-MISSING"):
        ask(index, "青棠")


def test_readers_see_the_old_contents_until_the_rebuild_is_committed(tmp_path: Path) -> None:
    reader = _built(tmp_path / "index")
    assert len(ids(ask(reader, "青棠"))) == 4
    writer = TantivyIndex(tmp_path / "index")
    writer.clear()
    writer.upsert(PASSAGES[:1])
    assert len(ids(ask(reader, "青棠"))) == 4
    writer.commit(complete=True)
    assert ids(ask(reader, "青棠")) == {1}


def test_a_second_writer_waits_and_then_says_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dossier.search.tantivy_index.LOCK_SECONDS", 0.2)
    first = _built(tmp_path / "index")
    second = TantivyIndex(tmp_path / "index")
    first.upsert(PASSAGES[:1])
    with pytest.raises(ShijiError, match="SEARCH-BUSY"):
        second.upsert(PASSAGES[:1])
    first.discard()
    second.delete([1])
    second.commit()
    assert ids(ask(first, "迟缓")) == set()


def test_the_folder_of_another_schema_counts_as_not_built(tmp_path: Path) -> None:
    index = _built(tmp_path / "index")
    (tmp_path / "index" / "shiji-index.json").write_text('{"schema": 0}')
    assert not index.built()
    index.clear()
    index.upsert(PASSAGES)
    index.commit(complete=True)
    assert index.count() == len(PASSAGES)


def test_odd_texts_can_be_indexed(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    index.clear()
    odd: list[IndexedPassage] = [passage(1, ""), passage(2, "a" * 70_000), passage(3, "\ud800青棠\x00区 𠮷")]
    index.upsert(odd)
    index.commit(complete=True)
    assert index.count() == 3
    assert ids(ask(index, "𠮷")) == {3}
    assert tantivy.Index.exists(str(tmp_path / "index"))
