"""外区数据包: signed bundles put into a folder among the drops; each is wholly right or wholly refused (R-11)."""

from __future__ import annotations

from pathlib import Path

from collector.bundle_import import bundle_delivery
from collector.drop import RECEIVED, UNREADABLE, finished_files, put_away
from collector.errors import CollectorError
from collector.kinds.folder import check
from collector.port import Ask, Delivery, Index, Kind
from storage.errors import ShijiError


def items(ask: Ask) -> Index:
    """One delivery a bundle: a zip file, or a folder with a manifest."""
    places, database = ask.places, ask.database
    if places is None or database is None:
        raise CollectorError("SOURCE-PLACE", "此处不能导入数据包", ask.source.id, "请在采集程序中运行。")
    root = ask.drop()
    files = [path for path in finished_files(root, places.settle_seconds) if path.parent == root]
    folders = [
        path for path in sorted(root.iterdir())
        if path.is_dir() and not path.is_symlink() and path.name not in (RECEIVED, UNREADABLE)
        and (path / "manifest.sig").is_file()  # written last
    ]  # fmt: skip

    def delivery(path: Path) -> Delivery:
        def done(error: ShijiError | None) -> None:
            put_away(path, root, error)

        return bundle_delivery(database, places.keys, path, done)

    return Index(deliveries=[delivery(path) for path in [*files, *folders]])


KIND = Kind("bundle", "外区数据包", items, waits=True, options=frozenset({"folder"}), check=check)
