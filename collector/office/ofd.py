"""OFD (GB/T 33190) text: text objects put into lines by where they stand on the page."""

from __future__ import annotations

import posixpath
import zipfile
from xml.etree.ElementTree import Element

from collector.office.container import local, open_container, read_xml
from collector.office.document import Limits, ReadDocument, refuse
from collector.office.headline import guess_title
from collector.office.paragraphs import reflow

LINE_TOLERANCE = 1.5  # millimetres between baselines of one line


def read_ofd(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read an OFD file. Raises CollectorError READ-BROKEN and those of the container."""
    with open_container(data, name, limits) as archive:
        main = read_xml(archive, "OFD.xml", name, limits)
        if main is None:
            raise refuse("READ-BROKEN", "文件缺少 OFD.xml，不是完整的 OFD 文档", name)
        pages: list[list[str]] = []
        for root_name in [_text(e) for e in main.iter() if local(e) == "DocRoot"]:
            for part in _page_parts(archive, root_name, name, limits):
                if len(pages) < limits.pages:
                    page = read_xml(archive, part, name, limits)
                    pages.append(_lines(page) if page is not None else [])
    document = ReadDocument(pages=len(pages))
    document.title = guess_title([line for lines in pages[:2] for line in lines])
    document.text = "\n".join(reflow([line for lines in pages for line in lines]))
    bare = [str(i + 1) for i, lines in enumerate(pages) if not lines]
    if bare:
        document.warnings.append("READ-NEEDS-OCR: " + ",".join(bare))
        document.confidence = round(1 - len(bare) / len(pages), 4)
    return document


def _page_parts(archive: zipfile.ZipFile, root_name: str, name: str, limits: Limits) -> list[str]:
    """Member names of a document's pages, in order."""
    root = read_xml(archive, root_name.lstrip("/"), name, limits)
    folder = posixpath.dirname(root_name.lstrip("/"))
    parts = []
    for pages in (e for e in (root.iter() if root is not None else ()) if local(e) == "Pages"):
        for page in pages:
            where = page.get("BaseLoc") or ""
            # Locations starting with a slash are from the container's root, others from the document's folder.
            parts.append(
                where.lstrip("/") if where.startswith("/") else posixpath.normpath(posixpath.join(folder, where))
            )
    return parts


def _lines(page: Element) -> list[str]:
    """Text lines from top to bottom, each from left to right."""
    placed: list[tuple[float, float, str]] = []
    for text_object in (e for e in page.iter() if local(e) == "TextObject"):
        box = _numbers(text_object.get("Boundary"))
        left, top = (box[0], box[1]) if len(box) >= 2 else (0.0, 0.0)
        for code in (e for e in text_object if local(e) == "TextCode"):
            x, y = _numbers(code.get("X"))[:1] or [0.0], _numbers(code.get("Y"))[:1] or [0.0]
            text = _text(code)
            if text:
                placed.append((top + y[0], left + x[0], text))
    placed.sort(key=lambda item: item[0])
    lines: list[list[tuple[float, str]]] = []
    baseline = None
    for y_position, x_position, text in placed:
        if baseline is None or y_position - baseline > LINE_TOLERANCE:
            lines.append([])
            baseline = y_position
        lines[-1].append((x_position, text))
    return ["".join(text for _, text in sorted(line, key=lambda item: item[0])).strip() for line in lines]


def _numbers(text: str | None) -> list[float]:
    """The numbers of a space-separated attribute; none where it is malformed."""
    try:
        return [float(part) for part in (text or "").split()]
    except ValueError:
        return []


def _text(element: Element) -> str:
    """Text of an element without surrounding white space."""
    return (element.text or "").strip("\r\n\t ")
