"""Text in pictures, by rapidocr where the extra ``ocr`` is installed: images and scanned pages.

The models come with the package; nothing is asked of the network. Reading runs in the limited worker process
like every other reader, and is imported only when a picture has to be read.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from collector.office.document import Limits, ReadDocument, refuse
from collector.office.headline import guess_title
from collector.office.paragraphs import paragraphs
from collector.office.pdf_lines import Line, PageLines

SIDE = 2000  # pixels of the longer side that the recogniser works on
INSTALL = "请安装文字识别组件（pip install 'shiji[ocr]'），或报送文字版"
_PACKAGES = ("rapidocr", "onnxruntime")


@dataclass(frozen=True)
class Recognised:
    """What a picture says: its lines with their places in pixels, and how sure the recogniser is (0.0 to 1.0)."""

    lines: list[Line] = field(default_factory=list)
    confidence: float = 1.0


@dataclass
class Budget:
    """How long one file may be recognised, in seconds."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def left(self) -> bool:
        """Whether another picture may be begun."""
        return time.monotonic() - self.started < self.seconds


def installed() -> bool:
    """Whether the extra ``ocr`` is there."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def recognise(picture: Any) -> Recognised:
    """Read one picture (an array of height x width x 3, 8 bit). Only where ``installed()``."""
    result = _engine()(picture)
    if result.txts is None or result.boxes is None:
        return Recognised()
    lines = []
    for text, box in zip(result.txts, result.boxes, strict=True):
        across, down = [float(p[0]) for p in box], [float(p[1]) for p in box]
        if text.strip():
            lines.append(Line(text.strip(), min(across), max(across), min(down), max(down) - min(down)))
    scores = [float(score) for score in result.scores]
    return Recognised(_in_rows(lines), sum(scores) / len(scores) if scores else 1.0)


def read_image(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read a picture (PNG, JPEG, TIFF, BMP, GIF, WEBP). The warning READ-OCR says that a machine read it.

    Raises CollectorError READ-NEEDS-OCR where the extra is missing, READ-TOO-LARGE, READ-BROKEN.
    """
    if not installed():
        raise refuse("READ-NEEDS-OCR", "图片需要文字识别后才能读取", name, INSTALL)
    picture = _pixels(data, name, limits)
    found = recognise(picture)
    page = PageLines(found.lines, float(picture.shape[1]), float(picture.shape[0]))
    lines = [line.text for line in page.lines]
    document = ReadDocument(guess_title(lines), "\n".join(paragraphs([page.lines])), pages=1)
    document.confidence = round(found.confidence, 4) if lines else 0.0
    document.warnings.append("READ-OCR: 1")
    return document


def _pixels(data: bytes, name: str, limits: Limits) -> Any:
    """The picture's pixels; its size is looked at before anything is unpacked."""
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > limits.pixels:
                raise refuse("READ-TOO-LARGE", "图片尺寸超过上限", name, "请缩小后重新报送")
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((SIDE, SIDE))
            return np.asarray(upright)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise refuse("READ-BROKEN", "图片已损坏，无法打开", name) from error


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The recogniser, loaded once a process (about two seconds)."""
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 2})


def _in_rows(lines: list[Line]) -> list[Line]:
    """From top to bottom; boxes at one height, as cells of a table are, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if rows and abs(line.top - rows[-1][0].top) < 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]
