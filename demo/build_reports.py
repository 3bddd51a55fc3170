"""Write the demo's submitted reports as the units would send them.

Run `python -m demo.build_reports`; the files under demo/reports are the committed result and building them
again gives the same bytes.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from demo.report_docx import write_docx
from demo.report_pdf import write_pdf
from demo.report_xlsx import write_xlsx
from demo.rows import read_yaml

HERE = Path(__file__).parent
TRUTH = HERE / "reports.yaml"
FOLDER = HERE / "reports"


def build(folder: Path = FOLDER) -> list[Path]:
    """Write every report under `folder`/<submitting unit>/ and return the paths in the order of reports.yaml."""
    return [_write(report, folder) for report in read_yaml(TRUTH)]


def _write(report: dict[str, Any], folder: Path) -> Path:
    path: Path = folder / report["folder"] / report["file"]
    day: date = report["date"]
    stamp = datetime(day.year, day.month, day.day, 9, 0, 0)
    writers = {"docx": write_docx, "pdf": write_pdf, "xlsx": write_xlsx, "txt": _write_txt}
    writers[report["format"]](report, path, stamp)
    return path


def _write_txt(report: dict[str, Any], path: Path, stamp: datetime) -> None:
    """Plain text with the line ends of a Windows editor, in the encoding the report states."""
    lines = [report["title"], *(f"　　{p['text']}" for p in report["paragraphs"])]
    if report.get("signed"):
        lines += [report["signed"], f"{stamp.year}年{stamp.month}月{stamp.day}日"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(report["encoding"]))


if __name__ == "__main__":
    for written in build():
        print(written.relative_to(HERE).as_posix())
