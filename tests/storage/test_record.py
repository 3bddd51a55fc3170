"""The record: schema and migrations agree, constraints hold, originals are kept, backups restore."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from storage.archive import Archive
from storage.backup import backup, restore
from storage.database import Database
from storage.errors import ShijiError
from storage.settings import Settings, load_settings
from storage.tables import (
    Base,
    Cadre,
    Capture,
    Category,
    DataPoint,
    Document,
    Indicator,
    IndicatorImport,
    Post,
    Source,
    Team,
    Tenure,
    Zone,
)


def fill(database: Database) -> None:
    with database.write() as session:
        session.add_all([Category(id="城区类"), Zone(id="Z1", name="城区片")])
        session.flush()
        session.add(Team(id="D01", full="望澜区", short="望澜区", category_id="城区类", zone_id="Z1"))
        session.add(Cadre(id="P001", name="沈砚舟"))
        session.flush()
        post = Post(team_id="D01", title="区委书记")
        session.add(post)
        session.flush()
        session.add(Tenure(cadre_id="P001", post_id=post.id, start=date(2022, 3, 15)))
        session.add(Source(id="s", name="测试", kind="feed", last_new_at=datetime(2025, 1, 2, 3, 4, tzinfo=UTC)))
        session.add(Indicator(code="G1", name="地区生产总值"))
        session.add(IndicatorImport(id=1, name="a.xlsx", sha256="0"))
        session.flush()
        session.add(DataPoint(indicator_code="G1", team_id="D01", period="2024", value=Decimal("1151.0"), import_id=1))


def test_migrations_build_exactly_the_declared_schema(database: Database) -> None:
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_foreign_keys_are_on(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Team(id="X", full="某区", short="某区", category_id="没有", zone_id="没有"))


def test_sqlite_uses_wal(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with database.read() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_moments_and_decimals_come_back_exactly(database: Database) -> None:
    fill(database)
    with database.read() as session:
        assert session.scalars(select(DataPoint)).one().value == Decimal("1151.0")
        assert session.get_one(Source, "s").last_new_at == datetime(2025, 1, 2, 3, 4, tzinfo=UTC)


def test_archive_keeps_and_checks_originals(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.put(b"original")
    assert archive.put(b"original") == digest == hashlib.sha256(b"original").hexdigest()
    assert archive.get(digest) == b"original"
    archive.path(digest).write_bytes(b"tampered")
    with pytest.raises(ShijiError, match="ARCHIVE-DAMAGED"):
        archive.get(digest)
    with pytest.raises(ShijiError, match="ARCHIVE-DIGEST"):
        archive.get("../../etc/passwd")


def test_sweep_removes_only_what_dead_writers_left(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.put(b"original")
    folder = archive.path(digest).parent
    old, young = folder / ".partial-old", folder / ".partial-young"
    for file in (old, young):
        file.write_bytes(b"half")
    two_hours_ago = time.time() - 7200
    for file in (old, archive.path(digest)):
        os.utime(file, (two_hours_ago, two_hours_ago))
    assert archive.sweep() == 1
    assert sorted(folder.iterdir()) == sorted([young, archive.path(digest)])
    assert archive.sweep(0) == 1
    assert archive.get(digest) == b"original"
    assert Archive(tmp_path / "absent").sweep() == 0


def test_backup_restores_rows_and_originals_elsewhere(database: Database, tmp_path: Path) -> None:
    fill(database)
    archive = Archive(tmp_path / "originals")
    digest = archive.put("原件".encode())
    done = backup(database, archive, tmp_path / "b.tar")
    assert done["originals"] == 1
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    copy = Archive(tmp_path / "copy")
    assert restore(tmp_path / "b.tar", other, copy) == done
    assert copy.get(digest) == "原件".encode()
    with database.read() as a, other.read() as b:
        for table in Base.metadata.sorted_tables:
            assert [tuple(r) for r in a.execute(select(table))] == [tuple(r) for r in b.execute(select(table))]
    with pytest.raises(ShijiError, match="RESTORE-NOT-EMPTY"):
        restore(tmp_path / "b.tar", other, copy)


def test_backup_takes_the_folders_along_and_writes_nowhere_else(database: Database, tmp_path: Path) -> None:
    fill(database)
    warc, drops = tmp_path / "warc", tmp_path / "drops"
    for file, data in (
        (warc / "s" / "2025-10.warc.gz", b"w" * 100_000),
        (drops / "unit" / "已接收" / "报告.docx", b"d"),
    ):
        file.parent.mkdir(parents=True)
        file.write_bytes(data)
    (drops / "link").symlink_to("/etc/passwd")
    archive = Archive(tmp_path / "originals")
    done = backup(
        database, archive, tmp_path / "b.tar", folders={"warc": warc, "drops": drops, "inbox": tmp_path / "no"}
    )
    assert done["files"] == 2
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    back = {"warc": tmp_path / "warc2", "drops": tmp_path / "drops2"}
    assert restore(tmp_path / "b.tar", other, Archive(tmp_path / "copy"), folders=back) == done
    assert (back["warc"] / "s" / "2025-10.warc.gz").read_bytes() == b"w" * 100_000
    assert (back["drops"] / "unit" / "已接收" / "报告.docx").read_bytes() == b"d"
    assert sorted(p.name for p in back["drops"].rglob("*")) == ["unit", "已接收", "报告.docx"]


def test_a_file_that_is_taken_during_the_backup_is_in_it_once_at_least(database: Database, tmp_path: Path) -> None:
    fill(database)
    archive, drop = Archive(tmp_path / "originals"), tmp_path / "drops" / "unit"
    (drop / "已接收").mkdir(parents=True)
    for name in ("a.txt", "b.txt"):
        (drop / name).write_text(name)

    def taken(step: str, _count: int) -> None:
        if step == "drops" and (drop / "b.txt").exists():  # a is copied, b is taken before its turn comes
            digest = archive.put(b"b.txt")
            with database.write() as session:
                session.add(Capture(id=9, source_id="s", url="file:b.txt", sha256=digest))
            (drop / "b.txt").rename(drop / "已接收" / "b.txt")

    backup(database, archive, tmp_path / "b.tar", taken, {"drops": tmp_path / "drops"})
    other, copy = Database(f"sqlite:///{tmp_path / 'other.sqlite'}"), Archive(tmp_path / "copy")
    restore(tmp_path / "b.tar", other, copy, folders={"drops": tmp_path / "drops2"})
    assert (tmp_path / "drops2" / "unit" / "a.txt").read_text() == "a.txt"
    with other.read() as session:
        assert copy.get(session.get_one(Capture, 9).sha256) == b"b.txt"


def test_a_file_cut_while_it_is_copied_spoils_no_backup(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database)
    file = tmp_path / "warc" / "s" / "2025-10-16.warc.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"w" * 5000)
    copied = shutil.copyfileobj

    def cut_first(source: Any, *rest: Any) -> None:
        os.truncate(file, 4000)  # a writer cuts the torn tail that a killed one left
        copied(source, *rest)

    monkeypatch.setattr(shutil, "copyfileobj", cut_first)
    backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar", folders={"warc": tmp_path / "warc"})
    monkeypatch.undo()
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    back = {"warc": tmp_path / "warc2"}
    assert restore(tmp_path / "b.tar", other, Archive(tmp_path / "o2"), folders=back)["files"] == 1
    assert (back["warc"] / "s" / file.name).read_bytes() == b"w" * 4000


def test_a_killed_backup_leaves_nothing_that_looks_like_one(database: Database, tmp_path: Path) -> None:
    fill(database)

    def killed(step: str, _count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar", killed)
    assert list(tmp_path.glob("b.tar*")) == []
    backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar")
    assert (tmp_path / "b.tar").exists()


def test_a_backup_with_a_path_that_leads_out_is_refused(database: Database, tmp_path: Path) -> None:
    fill(database)
    backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar", "a") as tar:
        info = tarfile.TarInfo("files/warc/../../out.txt")
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(ShijiError, match="RESTORE-FORM"):
        restore(tmp_path / "b.tar", other, Archive(tmp_path / "c"), folders={"warc": tmp_path / "deep" / "warc"})
    assert not (tmp_path / "out.txt").exists()


def test_backup_is_consistent_while_someone_writes(database: Database, tmp_path: Path) -> None:
    """Rows written after the backup began its read are not half in it."""
    fill(database)

    def write_meanwhile(step: str, _count: int) -> None:
        if step == "category":
            with database.write() as session:
                session.add(Cadre(id="P999", name="后来者"))

    if not database.sqlite:
        pytest.skip("PostgreSQL snapshot begins at the first statement as well; shown once on SQLite")
    backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar", write_meanwhile)
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    restore(tmp_path / "b.tar", other, Archive(tmp_path / "o2"))
    with other.read() as session:
        assert session.get(Cadre, "P999") is None


def test_links_within_a_table_are_restored(database: Database, tmp_path: Path) -> None:
    """A reprint collected before its first print points at a later row."""
    fill(database)
    with database.write() as session:
        for number in (1, 2):
            session.add(Capture(id=number, source_id="s", url=str(number), sha256=str(number)))
            session.flush()
            session.add(Document(id=number, capture_id=number, source_id="s", url=str(number), text_sha256=str(number)))
        session.flush()
        session.get_one(Document, 1).duplicate_of = 2
    backup(database, Archive(tmp_path / "o"), tmp_path / "b.tar")
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    restore(tmp_path / "b.tar", other, Archive(tmp_path / "o2"))
    with other.read() as session:
        assert session.get_one(Document, 1).duplicate_of == 2


def test_broken_backup_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.tar").write_bytes(b"not a tar")
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(ShijiError, match="RESTORE-FORM"):
        restore(tmp_path / "bad.tar", other, Archive(tmp_path / "o"))


def test_settings_read_the_environment_and_refuse_nonsense() -> None:
    settings = load_settings(
        {"SHIJI_DATA": "x", "SHIJI_TODAY": "2025-10-16", "SHIJI_ALLOW_PRIVATE": "127.0.0.1:81, b:2"}
    )
    assert settings.database == "sqlite:///x/shiji.sqlite"
    assert settings.today() == date(2025, 10, 16)
    assert settings.private_hosts == {"127.0.0.1:81", "b:2"}
    with pytest.raises(ShijiError, match="SETTING-NUMBER"):
        _ = Settings(port_text="eighty").port
    with pytest.raises(ShijiError, match="SETTING-DATE"):
        Settings(today_text="16/10/2025").today()
