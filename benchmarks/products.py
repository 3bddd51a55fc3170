"""How long each product takes: composing, the Word file, and the pages it fills where LibreOffice is installed.

Run `python -m benchmarks.products [--days 90 --each 20]`. A record is invented in a temporary folder: 50 teams,
`--each` items a day for `--days` days, as much as domain.md §5.8 names for a city. Times are
of one process, the best of three.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from dossier.products.content import ProductContent
from dossier.products.daily import build_daily
from dossier.products.paper import product_docx
from dossier.products.periodical import build_monthly, build_quarterly
from dossier.products.special import build_special
from dossier.products.wanted import Wanted
from dossier.products.weekly import build_weekly
from dossier.scope import Viewer
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Capture, Category, City, Document, Event, Evidence, Passage, Source, Team, Zone

LAST = date(2025, 9, 30)
KINDS = (
    ("daily", build_daily, "2025-09-30"), ("weekly", build_weekly, "2025-W39"), ("special", build_special, ""),
    ("monthly", build_monthly, "2025-09"), ("quarterly", build_quarterly, "2025Q3"),
)  # fmt: skip
LABELS = ("practice", "highlight", "major_matter", "practice", "problem")
WORDS = "推行清单管理、按月调度、逐项销号的办法，已覆盖全部重点项目，群众满意度较上年同期提高。"


def fill(session: Session, days: int, each: int) -> None:
    """The invented record."""
    session.add(City(name="某某市", province="某省", capital="某府"))
    session.add_all(Zone(id=f"Z{z}", name=f"第{z}片") for z in range(1, 6))
    session.add_all(Category(id=f"类别{c}") for c in range(1, 6))
    session.flush()
    session.add_all(
        Team(id=f"T{t:02d}", full=f"第{t:02d}班子", short=f"第{t:02d}班子", category_id=f"类别{t % 5 + 1}", ordinal=t,
             zone_id=f"Z{t % 5 + 1}")
        for t in range(50)
    )  # fmt: skip
    session.add_all(Source(id=f"s{s}", name=f"来源{s}", kind="feed") for s in range(30))
    session.flush()
    for number in range(days * each):
        _item(session, number, LAST - timedelta(days=number // each))


def _item(session: Session, number: int, day: date) -> None:
    text = f"第{number % 50:02d}班子第{number}号：{WORDS}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    capture = Capture(source_id=f"s{number % 30}", url=f"http://x/{number}", sha256=digest)
    event = Event()
    session.add_all([capture, event])
    session.flush()
    document = Document(
        capture_id=capture.id, source_id=capture.source_id, url=capture.url, title=f"第{number}号情况", text=text,
        text_sha256=digest, published_at=moment, published_precision="day", stage="filed",
    )  # fmt: skip
    session.add(document)
    session.flush()
    label = LABELS[number % len(LABELS)]
    passage = Passage(
        document_id=document.id, ordinal=0, start=0, end=len(text), text=text, label=label, event_id=event.id,
        event_start=day, event_source="text",
    )  # fmt: skip
    session.add(passage)
    session.flush()
    adverse = label == "problem"
    session.add(
        Evidence(
            code=f"E-{day:%Y%m%d}-{number:06d}", event_id=event.id, passage_id=passage.id,
            team_id=f"T{number % 50:02d}",
            role="主体", label=label, state="已核实" if adverse else "已采用", adverse=adverse, event_date=day,
            notified_at=moment if adverse else None, self_published=number % 3 == 0,
        )
    )  # fmt: skip


def pages(data: bytes) -> str:
    """Pages as LibreOffice lays them out; - without it."""
    if not shutil.which("soffice") or not shutil.which("pdfinfo"):
        return "-"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.docx"
        file.write_bytes(data)
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(file)],
                       capture_output=True, check=False)  # fmt: skip
        told = subprocess.run(["pdfinfo", str(file.with_suffix(".pdf"))], capture_output=True, text=True, check=False)
    found = re.search(r"Pages:\s+(\d+)", told.stdout)
    return found[1] if found else "-"


def main() -> None:
    """Fill the record and time every kind."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--each", type=int, default=20)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/a.sqlite")
        upgrade(database)
        with database.write() as session:
            fill(session, chosen.days, chosen.each)
        print(f"{chosen.days * chosen.each} items")
        print(f"{'kind':10} {'compose s':>10} {'word s':>8} {'annex':>6} {'KB':>6} {'pages':>6}")
        with database.read() as session:
            for kind, build, period in KINDS:
                compose, word, content, data = _timed(session, kind, build, period)
                row = f"{kind:10} {compose:10.2f} {word:8.2f} {len(content.annex):6} {len(data) // 1024:6}"
                print(f"{row} {pages(data):>6}")
        database.close()


def _timed(session: Session, kind: str, build: object, period: str) -> tuple[float, float, ProductContent, bytes]:
    who = Viewer(1, "kh", "考核办", "KH", None)
    best = [9e9, 9e9]
    for _ in range(3):
        session.expire_all()
        start = time.perf_counter()
        content = build(session, who, Wanted(kind, period, ref=1), LAST + timedelta(days=16))  # type: ignore[operator]
        middle = time.perf_counter()
        data = product_docx(content, "份号000001", "第1期")
        best = [min(best[0], middle - start), min(best[1], time.perf_counter() - middle)]
    return best[0], best[1], content, data


if __name__ == "__main__":
    main()
