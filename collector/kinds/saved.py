"""保存的网页: single-file HTML, MHTML and WARC files put into a folder among the drops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from collector.drop import finished_files, put_away, read_file
from collector.fetch import host_key
from collector.kinds.folder import check
from collector.port import LARGEST_DELIVERY, Ask, Delivery, Index, Kind, Piece
from collector.report import safe_name
from collector.saved_pages import saved_pieces
from storage.errors import ShijiError


def items(ask: Ask) -> Index:
    """One delivery a file. With ``config.hosts`` only pages of these hosts are taken."""
    root, places = ask.drop(), ask.places
    settle, largest = (places.settle_seconds, places.largest) if places else (1.0, LARGEST_DELIVERY)
    hosts = frozenset(str(host).lower() for host in ask.option("hosts") or ())
    return Index(deliveries=[_delivery(path, root, hosts, largest) for path in finished_files(root, settle)])


def _delivery(path: Path, root: Path, hosts: frozenset[str], largest: int) -> Delivery:
    def pieces() -> Iterator[Piece]:
        for piece in saved_pieces(read_file(path, largest), safe_name(path.name)):
            if not hosts or piece.url.startswith("file:") or host_key(piece.url) in hosts:
                yield piece

    def done(error: ShijiError | None) -> None:
        put_away(path, root, error, path.parent.name if path.parent != root else "")

    return Delivery(path.name, pieces, done)


KIND = Kind("saved", "保存的网页", items, waits=True, options=frozenset({"folder"}), check=check)
