"""Signed bundles: what leaves the outer zone arrives whole in the inner one, or not at all (R-11)."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collector.bundle_export import Exported, export_bundle
from collector.bundle_import import import_bundle
from collector.bundle_keys import make_keys, signing_key
from collector.deliver import Taken
from collector.errors import CollectorError
from collector.fetch import Client
from collector.keep import Original, Reading, keep
from collector.port import Places
from collector.registry import register_sources
from collector.silence import LOST, NORMAL, silence
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Capture, Document, Quarantine, Run, Source

MOMENT = datetime(2025, 10, 9, 1, 0, tzinfo=UTC)


class Zone:
    """One zone with its store and keys."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self.database, self.archive = folder, database, Archive(folder / "originals")
        self.keys = folder / "keys"

    def all(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def document(self, number: int) -> None:
        data = f"<html>原件{number}</html>".encode()
        keep(
            self.database, self.archive,
            Original("ribao", f"http://a.example/{number}", data, fetched_at=MOMENT, headers={"etag": '"1"'}),
            Reading("article", f"标题{number}", f"第{number}篇：全区完成干渠清淤三十二公里。", origin="澜宁日报",
                    published_at="2025-10-08" if number % 2 else "2025-10-08T08:30+08:00", warnings=("PAGE-DOUBTFUL",)),
        )  # fmt: skip

    def take(self, file: Path) -> Taken:
        return import_bundle(self.database, self.archive, self.keys, file)


@pytest.fixture
def outer(tmp_path: Path) -> Zone:
    database = Database(f"sqlite:///{tmp_path / 'outer.sqlite'}")
    upgrade(database)
    zone = Zone(tmp_path / "outer", database)
    make_keys(zone.keys)
    with database.write() as session:
        session.add(Source(id="ribao", name="澜宁日报", kind="feed", url="http://a.example/feed", level="市",
                           permission="公开", last_success_at=MOMENT, last_new_at=MOMENT))  # fmt: skip
    for number in (1, 2):
        zone.document(number)
    return zone


@pytest.fixture
def inner(tmp_path: Path, database: Database, outer: Zone) -> Zone:
    zone = Zone(tmp_path / "inner", database)
    (zone.keys / "trusted").mkdir(parents=True)
    shutil.copy(outer.keys / "bundle.pub", zone.keys / "trusted" / "outer.pub")
    return zone


def export(zone: Zone, name: str = "包.zip", **options: int) -> tuple[Path, Exported]:
    file = zone.folder / name
    return file, export_bundle(zone.database, zone.archive, zone.keys, file, **options)


def test_documents_arrive_with_originals_and_readings(outer: Zone, inner: Zone) -> None:
    file, exported = export(outer)
    assert (exported.documents, exported.originals, exported.last, exported.more) == (2, 2, 2, False)
    taken = inner.take(file)
    assert (len(taken.documents), taken.refused) == (2, [])
    for mine, theirs in zip(inner.all(Document), outer.all(Document), strict=True):
        for name in ("url", "title", "text", "origin", "published_at", "published_precision", "warnings", "kind"):
            assert getattr(mine, name) == getattr(theirs, name), name
    for mine, theirs in zip(inner.all(Capture), outer.all(Capture), strict=True):
        assert (mine.sha256, mine.fetched_at, mine.headers["etag"]) == (theirs.sha256, theirs.fetched_at, '"1"')
        assert mine.headers["x-bundle"] == "包.zip"
        assert inner.archive.get(mine.sha256) == outer.archive.get(theirs.sha256)
    assert inner.take(file).known == 2
    assert len(inner.all(Document)) == 2


def test_sources_of_the_outer_zone_are_known_but_never_visited(outer: Zone, inner: Zone) -> None:
    inner.take(export(outer)[0])
    (source,) = inner.all(Source)
    assert (source.kind, source.name, source.last_success_at) == ("mirror", "澜宁日报", MOMENT)
    assert silence(source, MOMENT) == NORMAL
    assert silence(source, MOMENT.replace(day=20)) == LOST  # no bundle any more is no calm
    with pytest.raises(CollectorError, match="SOURCE-KIND"):
        visit_source(inner.database, inner.archive, Client(), "ribao")


def test_the_next_bundle_goes_on_where_the_last_one_ended(outer: Zone, inner: Zone) -> None:
    first = export(outer, most=1)[1]
    assert (first.documents, first.last, first.more) == (1, 1, True)
    file, second = export(outer, "二.zip", after=first.last)
    assert (second.documents, second.last) == (1, 2)
    assert len(inner.take(file).documents) == 1


def test_quarantined_matter_stays_where_it_is(outer: Zone) -> None:
    with outer.database.write() as session:
        session.get_one(Document, 1).stage = "quarantined"
        session.add(Quarantine(source_id="ribao", sha256=session.get_one(Capture, 2).sha256))
    file, exported = export(outer)
    assert exported.documents == 0
    assert [n for n in zipfile.ZipFile(file).namelist() if n.startswith("originals/")] == []


def refused(zone: Zone, file: Path, code: str) -> None:
    with pytest.raises(CollectorError) as error:
        zone.take(file)
    assert error.value.code == code
    assert zone.all(Document) == zone.all(Source) == []
    assert list(zone.archive.digests()) == []


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(file) as box:
        files = {name: box.read(name) for name in box.namelist()}
    change(files)
    other = file.with_name("改.zip")
    with zipfile.ZipFile(other, "w") as box:
        for name, data in files.items():
            box.writestr(name, data)
    return other


def resigned(zone: Zone, files: dict[str, bytes]) -> None:
    """Make manifest and signature fit the files: what a holder of the key could write."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items() if name not in ("manifest.json", "manifest.sig")
    }  # fmt: skip
    files["manifest.json"] = json.dumps(manifest).encode()
    files["manifest.sig"] = signing_key(zone.keys).sign(files["manifest.json"]).hex().encode()


def test_a_changed_document_refuses_the_whole_bundle(outer: Zone, inner: Zone) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["documents.jsonl"] = files["documents.jsonl"].replace("三十二".encode(), "九十二".encode())

    refused(inner, rewritten(export(outer)[0], change), "BUNDLE-TAMPERED")


@pytest.mark.parametrize("what", ["grown", "shrunk", "changed", "missing", "added"])
def test_changed_originals_refuse_the_whole_bundle(outer: Zone, inner: Zone, what: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        name = next(name for name in files if name.startswith("originals/"))
        data = files[name]
        if what == "missing":
            del files[name]
        elif what == "added":
            files["originals/" + "0" * 64] = data
        else:
            files[name] = {"grown": data + b"x", "shrunk": data[:-1], "changed": data[::-1]}[what]

    refused(inner, rewritten(export(outer)[0], change), "BUNDLE-TAMPERED")


def test_unsigned_wrongly_signed_and_changed_manifests_are_refused(outer: Zone, inner: Zone, tmp_path: Path) -> None:
    file = export(outer)[0]
    refused(inner, rewritten(file, lambda files: files.__delitem__("manifest.sig")), "BUNDLE-UNSIGNED")
    refused(inner, rewritten(file, lambda files: files.update({"manifest.sig": b"00" * 64})), "BUNDLE-SIGNATURE")
    refused(inner, rewritten(file, lambda files: files.update({"manifest.sig": b"zz"})), "BUNDLE-SIGNATURE")
    altered = rewritten(file, lambda files: files.update({"manifest.json": files["manifest.json"] + b" "}))
    refused(inner, altered, "BUNDLE-SIGNATURE")
    stranger = Zone(tmp_path / "stranger", outer.database)
    make_keys(stranger.keys)
    refused(inner, rewritten(file, lambda files: resigned(stranger, files)), "BUNDLE-SIGNATURE")
    refused(inner, rewritten(file, lambda files: files.__delitem__("manifest.json")), "BUNDLE-BROKEN")
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04nonsense")
    refused(inner, tmp_path / "x.zip", "BUNDLE-BROKEN")
    shutil.rmtree(inner.keys)
    refused(inner, file, "BUNDLE-NO-TRUST")


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "originals/../x", "originals/x", "x.py", "originals\\..\\x"])
def test_names_that_lead_out_are_refused_even_when_signed(outer: Zone, inner: Zone, name: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        files[name] = b"x"
        resigned(outer, files)

    refused(inner, rewritten(export(outer)[0], change), "BUNDLE-PATH")


def test_an_original_under_a_false_name_is_refused_even_when_signed(outer: Zone, inner: Zone) -> None:
    def change(files: dict[str, bytes]) -> None:
        first, second = sorted(name for name in files if name.startswith("originals/"))
        files[first], files[second] = files[second], files[first]
        resigned(outer, files)

    taken = inner.take(rewritten(export(outer)[0], change))
    assert [bad.code for _, bad in taken.refused] == ["BUNDLE-TAMPERED"]
    assert inner.all(Document) == []


def test_a_folder_is_a_bundle_too_and_its_links_are_refused(outer: Zone, inner: Zone, tmp_path: Path) -> None:
    folder = tmp_path / "包"
    with zipfile.ZipFile(export(outer)[0]) as box:
        box.extractall(folder)
    original = next((folder / "originals").iterdir())
    kept = original.read_bytes()
    original.unlink()
    (tmp_path / "elsewhere").write_bytes(kept)
    original.symlink_to(tmp_path / "elsewhere")
    refused(inner, folder, "BUNDLE-PATH")
    original.unlink()
    original.write_bytes(kept)
    assert len(inner.take(folder).documents) == 2


def test_bundles_put_into_the_drop_are_taken_by_visits(outer: Zone, inner: Zone) -> None:
    places = Places(inner.folder / "drops", inner.folder / "secrets", inner.keys, settle_seconds=0.02)
    with inner.database.write() as session:
        register_sources(session, {"sources": [{"id": "waiqu", "name": "外区", "kind": "bundle"}]})
    drop = places.drops / "waiqu"
    drop.mkdir(parents=True)
    file = export(outer)[0]
    shutil.copy(file, drop / "好.zip")
    shutil.copy(rewritten(file, lambda files: files.__delitem__("manifest.sig")), drop / "坏.zip")

    def visit() -> Run:
        return visit_source(inner.database, inner.archive, Client(), "waiqu", places=places)

    run = visit()
    assert (run.status, run.new, run.failed) == ("partial", 2, 1)
    assert sorted(p.relative_to(drop).as_posix() for p in drop.rglob("*") if p.is_file()) == [
        "已接收/好.zip", "未能读取/坏.zip", "未能读取/坏.zip.说明.txt"
    ]  # fmt: skip
    assert {d.source_id for d in inner.all(Document)} == {"ribao"}
    assert visit().found == 0


def test_the_signing_key_is_private_and_never_overwritten(outer: Zone) -> None:
    assert (outer.keys / "bundle.key").stat().st_mode & 0o077 == 0
    with pytest.raises(CollectorError, match="BUNDLE-KEY"):
        make_keys(outer.keys)
    file = export(outer)[0]
    with pytest.raises(CollectorError, match="BUNDLE-EXISTS"):
        export_bundle(outer.database, outer.archive, outer.keys, file)
