"""The embedded engine: tantivy in this process, one writer at a time, any number of readers (parts/engines.md §1)."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from dossier.search.fields import BUCKETS, FACET_FIELDS, TEXT_FIELDS, VALUE_FIELDS, facets_of, fields_of, hit_of
from dossier.search.highlight import Marker
from dossier.search.plan import All, AnyValue, DayRange, Node, Phrase, Plan, plan
from dossier.search.port import SCHEMA, IndexedPassage, SearchRequest, SearchResult, not_built
from storage.errors import ShijiError

HEAP_BYTES = 96_000_000
LOCK_SECONDS = 20.0  # how long a writer waits for another process to finish its batch
_MARKER = "shiji-index.json"  # written when the index is complete; without it the folder counts as not built
_LAST_DAY = 99_999_999


class TantivyIndex:
    """`SearchIndex` in a folder. A writer is opened for a batch and closed at `commit`, so processes take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._schema = _schema()
        self._index: tantivy.Index | None = None
        self._stamp: tuple[int, int] | None = None
        self._writer: tantivy.IndexWriter | None = None

    def built(self) -> bool:
        try:
            return bool(json.loads((self.folder / _MARKER).read_text(encoding="utf-8")).get("schema") == SCHEMA)
        except (OSError, ValueError, AttributeError):
            return False

    def clear(self) -> None:
        """Readers keep the old contents until `commit`, unless the folder is damaged or of another schema."""
        self.discard()
        if self.built() and self._readable():
            self._write().delete_all_documents()
        else:
            self._index = None
            shutil.rmtree(self.folder, ignore_errors=True)

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        writer = self._write()
        for passage in passages:
            fields = fields_of(passage)
            writer.delete_documents_by_term("id", str(passage.id))
            document = tantivy.Document()
            document.add_text("id", str(passage.id))
            document.add_bytes("stored", fields.stored.encode())
            for name, text in fields.texts.items():
                document.add_text(name, text)
            for name, values in fields.values.items():
                for value in values:
                    document.add_text(name, value)
            document.add_unsigned("day", fields.day)
            document.add_unsigned("order", fields.order)
            writer.add_document(document)

    def delete(self, ids: Sequence[int]) -> None:
        if ids:
            writer = self._write()
            for passage_id in ids:
                writer.delete_documents_by_term("id", str(passage_id))

    def commit(self, complete: bool = False) -> None:
        writer, self._writer = self._writer, None
        if writer is None and complete:
            writer = self._write()
            self._writer = None
        if writer is not None:
            try:
                writer.commit()
                writer.wait_merging_threads()  # ends the writer and frees its lock
            except ValueError as bad:
                raise _damaged(self.folder, bad) from bad
        if complete:
            _write_marker(self.folder)

    def discard(self) -> None:
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def count(self) -> int:
        return int(self._reader().num_docs)

    def search(self, request: SearchRequest) -> SearchResult:
        request = request.checked()
        planned = plan(request)
        query = self._query(planned)
        searcher = self._reader()
        try:
            order: dict[str, Any] = {"order_by_field": "order", "order": tantivy.Order.Desc} if planned.by_date else {}
            found = searcher.search(query, max(request.limit, 1), count=True, offset=request.offset, **order)
            answer = searcher.aggregate(
                query, {kind: {"terms": {"field": name, "size": BUCKETS}} for kind, name in FACET_FIELDS.items()}
            )
            marker = Marker(request.query)
            hits = tuple(
                hit_of(
                    bytes(searcher.doc(address).get_first("stored") or b"").decode(),
                    0.0 if planned.by_date else float(score),
                    request,
                    marker,
                )
                for score, address in found.hits[: request.limit]
            )
        except ValueError as bad:
            raise _damaged(self.folder, bad) from bad
        buckets = {
            kind: [(str(b["key"]), int(b["doc_count"])) for b in answer[kind]["buckets"]] for kind in FACET_FIELDS
        }
        total = int(found.count)  # type: ignore[attr-defined]  # missing in the stub only
        return SearchResult(total, hits, facets_of(buckets, request))

    def _reader(self) -> tantivy.Searcher:
        if not self.built():
            raise not_built(str(self.folder))
        # another process may have put a whole new folder here; the marker's file tells
        state = (self.folder / _MARKER).stat()
        stamp = (state.st_ino, state.st_mtime_ns)
        try:
            if self._index is None or stamp != self._stamp:
                self._index = self._open()
                self._stamp = stamp
            self._index.reload()
            return self._index.searcher()
        except (ValueError, OSError) as bad:
            self._index = None
            raise _damaged(self.folder, bad) from bad

    def _readable(self) -> bool:
        try:
            self._reader()
        except ShijiError:
            return False
        return True

    def _open(self) -> tantivy.Index:
        self.folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(self._schema, path=str(self.folder))
        # tokenizers are not kept in the folder: every opening registers them again
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", analyzer)
        return index

    def _write(self) -> tantivy.IndexWriter:
        if self._writer is not None:
            return self._writer
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                self._writer = self._open().writer(HEAP_BYTES, 1)
                return self._writer
            except (ValueError, OSError) as bad:
                if "LockBusy" not in str(bad):
                    raise _damaged(self.folder, bad) from bad
                if time.monotonic() > deadline:
                    raise ShijiError("SEARCH-BUSY", "检索库正由另一进程写入", str(self.folder), "请稍后再试。") from bad
                time.sleep(0.05)

    def _query(self, planned: Plan) -> Query:
        parts = [(Occur.Must, self._node(node)) for node in planned.must]
        parts += [(Occur.Must, Query.const_score_query(self._node(node), 0.0)) for node in planned.filters]
        parts += [(Occur.MustNot, self._node(node)) for node in planned.must_not]
        if not planned.must and not planned.filters:
            parts.append((Occur.Must, Query.all_query()))
        return Query.boolean_query(parts)

    def _node(self, node: Node) -> Query:
        if isinstance(node, Phrase):
            if not node.tokens:
                return Query.empty_query()
            if len(node.tokens) == 1:
                return Query.term_query(self._schema, node.field, node.tokens[0])
            return Query.phrase_query(self._schema, node.field, list(node.tokens))
        if isinstance(node, AnyValue):
            if not node.values:
                return Query.empty_query()
            return Query.const_score_query(Query.term_set_query(self._schema, node.field, list(node.values)), 0.0)
        if isinstance(node, DayRange):
            return Query.range_query(
                self._schema, "day", tantivy.FieldType.Unsigned, node.first or 0, node.last or _LAST_DAY
            )
        occur = Occur.Must if isinstance(node, All) else Occur.Should
        return Query.boolean_query([(occur, self._node(part)) for part in node.parts])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True, indexed=False)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="spaces", index_option="position")
    for name in VALUE_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in FACET_FIELDS.values())
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("order", indexed=False, fast=True)
    return builder.build()


def _write_marker(folder: Path) -> None:
    fresh = folder / f"{_MARKER}.new"
    fresh.write_text(json.dumps({"schema": SCHEMA}), encoding="utf-8")
    fresh.replace(folder / _MARKER)


def _damaged(folder: Path, bad: Exception) -> ShijiError:
    return ShijiError(
        "SEARCH-DAMAGED", f"检索库损坏或无法打开：{str(bad)[:120]}", str(folder), "请管理员运行 shiji reindex。"
    )
