"""A small stand-in for an Elasticsearch server on loopback: it understands exactly the requests the adapter sends.

Anything else is answered with 400, so that a body the real server would refuse does not pass unseen. It proves the
wire format and the meaning of the bodies; only a run with SHIJI_TEST_ELASTICSEARCH proves the real server.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse


class Refused(Exception):
    pass


class Store:
    def __init__(self) -> None:
        self.indices: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, str, Any]] = []
        self.authorizations: set[str] = set()


def matches(query: dict[str, Any], doc: dict[str, Any]) -> bool:
    ((kind, body),) = query.items()
    if kind == "match_all":
        return True
    if kind == "match_none":
        return False
    if kind == "constant_score":
        return matches(body["filter"], doc)
    if kind == "terms":
        ((field, values),) = body.items()
        return bool(set(values) & set(doc[field]))
    if kind == "range":
        ((field, limits),) = body.items()
        return bool(limits["gte"] <= doc[field] <= limits["lte"])
    if kind == "match_phrase":
        ((field, phrase),) = body.items()
        tokens, have = phrase["query"].split(), doc[field].split()
        return any(have[i : i + len(tokens)] == tokens for i in range(len(have)))
    if kind == "bool":
        if set(body) - {"must", "filter", "must_not", "should", "minimum_should_match"}:
            raise Refused(f"bool {sorted(body)}")
        return (
            all(matches(q, doc) for q in [*body.get("must", []), *body.get("filter", [])])
            and not any(matches(q, doc) for q in body.get("must_not", []))
            and ("should" not in body or any(matches(q, doc) for q in body["should"]))
        )
    raise Refused(f"unknown query {kind}")


def search(index: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    if set(body) - {"query", "from", "size", "sort", "track_total_hits", "_source", "aggregations"}:
        raise Refused(f"search {sorted(body)}")
    found = [(i, d) for i, d in index["seen"].items() if matches(body["query"], d)]
    found.sort(key=lambda pair: -pair[1]["order"])
    aggregations = {}
    for name, agg in body["aggregations"].items():
        terms = agg["terms"]
        counts = Counter(v for _id, d in found for v in d[terms["field"]])
        kept = counts.most_common(terms["size"])
        aggregations[name] = {"buckets": [{"key": k, "doc_count": n} for k, n in kept]}
    page = found[body["from"] : body["from"] + body["size"]]
    hits = [{"_id": i, "_score": 1.0, "_source": {f: d[f] for f in body["_source"]}} for i, d in page]
    return {"hits": {"total": {"value": len(found), "relation": "eq"}, "hits": hits}, "aggregations": aggregations}


def answer(store: Store, method: str, path: str, body: Any) -> tuple[int, Any]:
    parts = [p for p in path.split("/") if p]
    if path == "/_cluster/health":
        return 200, {"status": "green", "timed_out": False}
    if path == "/_bulk" and method in ("PUT", "POST"):
        lines, items = iter(body), []
        for action in lines:
            ((kind, meta),) = action.items()
            index = store.indices[meta["_index"]]
            if kind == "index":
                doc = next(lines)
                unknown = set(doc) - set(index["mappings"]["properties"])
                if unknown:
                    items.append({"index": {"_id": meta["_id"], "status": 400, "error": {"reason": str(unknown)}}})
                    continue
                index["docs"][meta["_id"]] = doc
                items.append({"index": {"_id": meta["_id"], "status": 200}})
            else:
                gone = index["docs"].pop(meta["_id"], None)
                items.append({"delete": {"_id": meta["_id"], "status": 200 if gone else 404}})
        return 200, {"errors": False, "items": items}
    name, rest = parts[0], "/".join(parts[1:])
    if method == "PUT" and not rest:
        if name in store.indices:
            return 400, {"error": {"type": "resource_already_exists_exception", "reason": name}, "status": 400}
        store.indices[name] = {"mappings": body["mappings"], "docs": {}, "seen": {}}
        return 200, {"acknowledged": True}
    if method == "DELETE" and not rest:
        store.indices.pop(name, None)
        return 200, {"acknowledged": True}
    if name not in store.indices:
        return 404, {"error": {"type": "index_not_found_exception", "reason": name}, "status": 404}
    index = store.indices[name]
    if method == "HEAD" and not rest:
        return 200, {}
    if rest == "_mapping" and method == "GET":
        return 200, {name: {"mappings": index["mappings"]}}
    if rest == "_mapping" and method == "PUT":
        index["mappings"] |= body
        return 200, {"acknowledged": True}
    if rest == "_refresh":
        index["seen"] = dict(index["docs"])
        return 200, {"_shards": {}}
    if rest == "_count":
        return 200, {"count": len(index["seen"])}
    if rest == "_search":
        return 200, search(index, body)
    raise Refused(f"{method} {path}")


@contextmanager
def fake_server() -> Iterator[tuple[str, Store]]:
    """Base URL and contents of a running stand-in."""
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet, else each answer waits for an acknowledgement

        def handle_any(self) -> None:
            url = urlparse(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            lines = [json.loads(line) for line in raw.splitlines() if line.strip()]
            body = lines if url.path == "/_bulk" else (lines[0] if lines else None)
            store.requests.append((self.command, url.path, body or parse_qs(url.query)))
            store.authorizations.add(self.headers.get("Authorization", ""))
            try:
                status, reply = answer(store, self.command, url.path, body)
            except Refused as bad:
                status, reply = 400, {"error": {"type": "refused", "reason": str(bad)}, "status": 400}
            data = b"" if self.command == "HEAD" else json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", store
    finally:
        server.shutdown()
        server.server_close()
