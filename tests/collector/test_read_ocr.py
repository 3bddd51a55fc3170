"""Text in pictures: asked for by name where the extra is missing, read where it is there."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from collector.errors import CollectorError
from collector.office import ocr
from collector.office.document import Limits
from collector.office.pdf_lines import Line
from collector.office.read import read_file
from collector.office.worker import run_limited

here = pytest.mark.skipif(not ocr.installed(), reason="the extra `ocr` (rapidocr, onnxruntime) is not installed")
PNG = b"\x89PNG\r\n\x1a\n...."


def scan(pages: int = 1) -> bytes:
    """Pages that hold a drawing and no text."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842))
    for _ in range(pages):
        sheet.rect(100, 100, 300, 300)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def picture(*lines: str, size: tuple[int, int] = (1200, 400)) -> bytes:
    image = pytest.importorskip("PIL.Image")
    draw = pytest.importorskip("PIL.ImageDraw")
    font = pytest.importorskip("PIL.ImageFont").load_default(48)
    made = image.new("RGB", size, "white")
    for i, line in enumerate(lines):
        draw.Draw(made).text((60, 60 + 90 * i), line, font=font, fill="black")
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def fake(monkeypatch: pytest.MonkeyPatch, *answers: ocr.Recognised) -> None:
    left = list(answers)
    monkeypatch.setattr(ocr, "installed", lambda: True)
    monkeypatch.setattr(ocr, "recognise", lambda _: left.pop(0))


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    with pytest.raises(CollectorError) as caught:
        read_file(PNG, "扫描件.png")
    assert caught.value.code == "READ-NEEDS-OCR"
    assert "shiji[ocr]" in caught.value.action
    assert read_file(scan(2)).warnings == ["READ-NEEDS-OCR: 1,2"]


def test_reading_text_does_not_load_the_recogniser() -> None:
    asked = "import sys; from collector.office.read import read_file; read_file('正文。'.encode(), 'a.txt');"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", asked + "print('rapidocr' in sys.modules)"], cwd=root,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == "False"


def test_scanned_pages_are_recognised_in_points_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    long = Line("临湖区累计改造老旧小区十二个，惠及居民三千四百户，群众满意度提", 240, 1400, 300, 36)
    rest = Line("高五个百分点。", 170, 420, 360, 36)
    fake(monkeypatch, ocr.Recognised([long, rest], 0.9), ocr.Recognised())
    read = read_file(scan(2), "b.pdf")
    assert read.text == long.text + rest.text
    assert read.warnings == ["READ-OCR: 1"]  # the second page shows nothing: blank, not unread
    assert read.confidence == 0.95


def test_time_runs_out_between_pages_not_within_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch)
    assert read_file(scan(3), limits=Limits(ocr_seconds=0)).warnings == ["READ-NEEDS-OCR: 1,2,3"]


def test_boxes_at_one_height_are_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    class Result:
        txts = ("户数", "区县", "3400", "临湖区")
        scores = (0.9, 1.0, 0.8, 1.0)
        boxes = tuple(
            [[x, y], [x + 80, y], [x + 80, y + 30], [x, y + 30]] for x, y in ((300, 10), (20, 12), (300, 62), (20, 60))
        )

    def engine() -> Any:
        return lambda _: Result()

    monkeypatch.setattr(ocr, "_engine", engine)
    found = ocr.recognise(None)
    assert [line.text for line in found.lines] == ["区县", "户数", "临湖区", "3400"]
    assert found.confidence == pytest.approx(0.925)


@here
def test_a_picture_is_read_in_the_limited_worker() -> None:
    read = run_limited(picture("Report 2025-09-15", "3400 households"), "c.png")
    assert read.text.replace(" ", "").split("\n") == ["Report2025-09-15", "3400households"]
    assert read.warnings == ["READ-OCR: 1"]
    assert read.confidence > 0.8


@here
@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [(PNG, Limits(), "READ-BROKEN"), (None, Limits(pixels=1000), "READ-TOO-LARGE")],
)
def test_bad_pictures_are_refused(data: bytes | None, limits: Limits, code: str) -> None:
    with pytest.raises(CollectorError) as caught:
        read_file(picture("x") if data is None else data, "d.png", limits)
    assert caught.value.code == code
