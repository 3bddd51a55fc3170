"""The outgrown form: Elasticsearch 8 (or 9) behind the same port, without plugins, scripts or by-query calls.

Texts arrive as tokens apart by spaces, so the server needs nothing but its whitespace tokenizer and answers with the
same hits as the embedded engine (parts/engines.md §3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dossier.search.fields import BUCKETS, FACET_FIELDS, TEXT_FIELDS, VALUE_FIELDS, Fields, facets_of, fields_of, hit_of
from dossier.search.highlight import Marker
from dossier.search.plan import All, AnyValue, DayRange, Node, Phrase, Plan, plan
from dossier.search.port import (
    DEEPEST,
    SCHEMA,
    IndexedPassage,
    SearchRequest,
    SearchResult,
    not_built,
)
from storage.errors import ShijiError
from storage.settings import Settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

BULK = 500  # passages a bulk call
_LAST_DAY = 99_999_999


def connect(settings: Settings) -> Elasticsearch:
    """A client for the configured server: basic auth and CA file where set."""
    try:
        from elasticsearch import Elasticsearch
    except ImportError as bad:
        raise ShijiError(
            "SEARCH-EXTRA",
            "未安装 Elasticsearch 客户端",
            settings.elasticsearch,
            "请管理员安装：pip install 'shiji[elasticsearch]'。",
        ) from bad
    options: dict[str, Any] = {"request_timeout": 30, "max_retries": 2, "retry_on_timeout": True}
    if settings.elasticsearch_user:
        options["basic_auth"] = (settings.elasticsearch_user, settings.elasticsearch_password)
    if settings.elasticsearch_ca:
        options["ca_certs"] = settings.elasticsearch_ca
    try:
        return Elasticsearch(settings.elasticsearch, **options)
    except (ValueError, OSError) as bad:
        raise ShijiError(
            "SEARCH-ENGINE",
            f"Elasticsearch 设置有误：{bad}",
            settings.elasticsearch,
            "请检查 SHIJI_ELASTICSEARCH 各项。",
        ) from bad


class ElasticIndex:
    """`SearchIndex` on a server. Writing is buffered and sent in bulk; `commit` makes it visible."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self.client = client
        self.name = name
        self._pending: list[dict[str, Any]] = []

    def built(self) -> bool:
        from elasticsearch import NotFoundError

        with self._calls():
            try:
                answer = self.client.indices.get_mapping(index=self.name)
            except NotFoundError:
                return False
        found = [m["mappings"].get("_meta", {}) for m in answer.values()]
        return any(m.get("schema") == SCHEMA and m.get("complete") for m in found)

    def wait_ready(self, seconds: int = 20) -> None:
        """Wait until the server answers and its index can be read; raises SEARCH-ENGINE."""
        with self._calls():
            health = self.client.cluster.health(wait_for_status="yellow", timeout=f"{seconds}s")
        if health.get("timed_out"):
            raise ShijiError("SEARCH-ENGINE", "Elasticsearch 尚未就绪", self.name, "请稍后再试，或检查服务器状态。")

    def clear(self) -> None:
        self.discard()
        with self._calls():
            self.client.indices.delete(index=self.name, ignore_unavailable=True)
            self._create()

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        for passage in passages:
            self._pending.append({"index": {"_index": self.name, "_id": str(passage.id)}})
            self._pending.append(_source(fields_of(passage)))
            if len(self._pending) >= BULK * 2:
                self._send()

    def delete(self, ids: Sequence[int]) -> None:
        for passage_id in ids:
            self._pending.append({"delete": {"_index": self.name, "_id": str(passage_id)}})
        if len(self._pending) >= BULK * 2:
            self._send()

    def commit(self, complete: bool = False) -> None:
        with self._calls():
            if not self.client.indices.exists(index=self.name):
                self._create()
            self._send()
            self.client.indices.refresh(index=self.name)
            if complete:
                self.client.indices.put_mapping(index=self.name, meta={"schema": SCHEMA, "complete": True})

    def discard(self) -> None:
        self._pending = []

    def count(self) -> int:
        self._require_built()
        with self._calls():
            return int(self.client.count(index=self.name)["count"])

    def search(self, request: SearchRequest) -> SearchResult:
        request = request.checked()
        self._require_built()
        planned = plan(request)
        with self._calls():
            answer = self.client.search(index=self.name, **search_body(planned, request))
        buckets = {
            kind: [(str(b["key"]), int(b["doc_count"])) for b in answer["aggregations"][kind]["buckets"]]
            for kind in FACET_FIELDS
        }
        marker = Marker(request.query)
        hits = tuple(
            hit_of(hit["_source"]["stored"], 0.0 if planned.by_date else float(hit["_score"] or 0), request, marker)
            for hit in answer["hits"]["hits"]
        )
        return SearchResult(int(answer["hits"]["total"]["value"]), hits, facets_of(buckets, request))

    def _require_built(self) -> None:
        if not self.built():
            raise not_built(self.name)

    def _create(self) -> None:
        self.client.indices.create(index=self.name, settings=index_settings(), mappings=index_mappings())

    def _send(self) -> None:
        operations, self._pending = self._pending, []
        if not operations:
            return
        with self._calls():
            answer = self.client.bulk(operations=operations)
        for item in answer["items"]:
            result = next(iter(item.values()))
            if result.get("error"):
                raise ShijiError(
                    "SEARCH-BULK",
                    f"写入检索库失败：{result['error'].get('reason', '')[:200]}",
                    str(result.get("_id", "")),
                    "请检查 Elasticsearch 的磁盘空间和日志，再运行 shiji reindex。",
                )

    @contextmanager
    def _calls(self) -> Iterator[None]:
        from elasticsearch import ApiError, TransportError

        try:
            yield
        except ApiError as bad:
            raise ShijiError(
                "SEARCH-ENGINE",
                f"Elasticsearch 拒绝请求（{bad.status_code}）：{str(bad.message)[:200]}",
                self.name,
                "请检查账号权限和服务器日志。",
            ) from bad
        except TransportError as bad:
            raise ShijiError(
                "SEARCH-ENGINE", f"无法连接 Elasticsearch：{str(bad)[:200]}", self.name, "请检查服务器地址和网络。"
            ) from bad


def index_settings() -> dict[str, Any]:
    """One shard serves a city; the analyzer only splits at spaces."""
    return {
        "index": {"number_of_shards": 1, "number_of_replicas": 0, "max_result_window": DEEPEST},
        "analysis": {"analyzer": {"spaces": {"type": "custom", "tokenizer": "whitespace", "filter": []}}},
    }


def index_mappings() -> dict[str, Any]:
    """Text fields of ready tokens, exact values, and the stored passage, which is never searched."""
    properties: dict[str, Any] = {n: {"type": "text", "analyzer": "spaces"} for n in TEXT_FIELDS}
    properties |= {n: {"type": "keyword"} for n in VALUE_FIELDS}
    properties["day"] = {"type": "integer"}
    properties["order"] = {"type": "long"}
    properties["stored"] = {"type": "text", "index": False}
    return {"dynamic": "strict", "_meta": {"schema": SCHEMA, "complete": False}, "properties": properties}


def search_body(planned: Plan, request: SearchRequest) -> dict[str, Any]:
    """Arguments of one search call."""
    sort: list[Any] = [{"order": "desc"}]
    return {
        "query": query_body(planned),
        "from_": request.offset,
        "size": request.limit,
        "sort": sort if planned.by_date else ["_score", *sort],
        "track_total_hits": True,
        "source": ["stored"],
        "aggregations": {k: {"terms": {"field": name, "size": BUCKETS}} for k, name in FACET_FIELDS.items()},
    }


def query_body(planned: Plan) -> dict[str, Any]:
    """The query: scoring parts, narrowing parts (the asker's scope among them), excluded parts."""
    return {
        "bool": {
            "must": [_node(n) for n in planned.must] or [{"match_all": {}}],
            "filter": [_node(n) for n in planned.filters],
            "must_not": [_node(n) for n in planned.must_not],
        }
    }


def _node(node: Node) -> dict[str, Any]:
    if isinstance(node, Phrase):
        if not node.tokens:
            return {"match_none": {}}
        return {"match_phrase": {node.field: {"query": " ".join(node.tokens), "analyzer": "spaces"}}}
    if isinstance(node, AnyValue):
        if not node.values:
            return {"match_none": {}}
        return {"constant_score": {"filter": {"terms": {node.field: list(node.values)}}, "boost": 0.0}}
    if isinstance(node, DayRange):
        return {"range": {"day": {"gte": node.first or 0, "lte": node.last or _LAST_DAY}}}
    parts = [_node(part) for part in node.parts]
    if isinstance(node, All):
        return {"bool": {"must": parts}}
    return {"bool": {"should": parts, "minimum_should_match": 1}}


def _source(fields: Fields) -> dict[str, Any]:
    return {**fields.texts, **fields.values, "day": fields.day, "order": fields.order, "stored": fields.stored}
