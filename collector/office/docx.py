"""DOCX as the accepted text: what was inserted is kept, what was deleted never appears.

An own walk over the XML, because the usual library loses tracked insertions and text boxes and converters
leak deleted text (parts/collecting.md §5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from collector.office.container import attribute, local, open_container, read_xml
from collector.office.document import Limits, ReadDocument, Table, refuse
from collector.office.headline import guess_title
from collector.office.numbering import Numbering, read_numbering

# Deleted or moved-away runs, field codes, the fallback copy of a drawing, comments' anchors.
_DROPPED = frozenset({"del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "pPr", "tblPr", "sectPr"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


@dataclass
class _Paragraph:
    """One paragraph: text, style, whether centred, and whether its end mark was deleted."""

    text: str = ""
    style: str = ""
    centred: bool = False
    joins_next: bool = False


@dataclass
class _Story:
    """What the walk has gathered."""

    paragraphs: list[_Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tracked: bool = False
    numbering: Numbering = field(default_factory=Numbering)


def read_docx(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read a Word document (also DOCM). Raises CollectorError READ-BROKEN and those of the container."""
    with open_container(data, name, limits) as archive:
        root = read_xml(archive, "word/document.xml", name, limits)
        if root is None:
            raise refuse("READ-BROKEN", "文件缺少正文部件，不是完整的 Word 文档", name)
        styles = read_xml(archive, "word/styles.xml", name, limits)
        numbering = read_numbering(read_xml(archive, "word/numbering.xml", name, limits), styles)
        story = _Story(numbering=numbering)
        body = next((e for e in root if local(e) == "body"), root)
        _blocks(body, story)
        notes = [
            n
            for part in ("word/footnotes.xml", "word/endnotes.xml")
            if (notes_root := read_xml(archive, part, name, limits)) is not None
            for n in _notes(notes_root)
        ]
        macros = any(member.endswith("vbaProject.bin") for member in archive.namelist())
    lines = [p.text for p in story.paragraphs] + notes
    text = "\n".join(line for line in lines if line.strip())
    document = ReadDocument(text=text, tables=story.tables)
    document.title = _title(story.paragraphs, _title_styles(styles))
    if story.tracked:
        document.warnings.append("READ-TRACKED-CHANGES")
    if macros:
        document.warnings.append("READ-MACROS")
    if not text:
        document.confidence = 0.0
        document.warnings.append("READ-EMPTY")
    return document


def _blocks(parent: Element, story: _Story) -> None:
    """Paragraphs and tables of a block container, in order."""
    for element in parent:
        tag = local(element)
        if tag == "p":
            _paragraph(element, story)
        elif tag == "tbl":
            table = _table(element, story)
            if table:
                story.tables.append(table)
                story.paragraphs.extend(_Paragraph("\t".join(row).rstrip("\t")) for row in table)
        elif tag in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"}:
            _blocks(element, story)
        elif tag in {"del", "moveFrom"}:
            story.tracked = True


def _paragraph(element: Element, story: _Story) -> None:
    """Add one paragraph; the text boxes anchored in it follow as paragraphs of their own."""
    paragraph = _Paragraph()
    properties = next((e for e in element if local(e) == "pPr"), None)
    for item in properties if properties is not None else ():
        tag = local(item)
        if tag == "pStyle":
            paragraph.style = attribute(item, "val") or ""
        elif tag == "jc":
            paragraph.centred = attribute(item, "val") == "center"
        elif tag == "rPr" and any(local(e) in {"del", "moveFrom"} for e in item):
            paragraph.joins_next = True
    boxes: list[Element] = []
    pieces: list[str] = []
    _runs(element, pieces, boxes, story)
    paragraph.text = "".join(pieces).strip("\n")
    if paragraph.text.strip():
        paragraph.text = story.numbering.label(properties, paragraph.style) + paragraph.text
    before = story.paragraphs[-1] if story.paragraphs else None
    if before is not None and before.joins_next:
        before.text += paragraph.text
        before.joins_next = paragraph.joins_next
    else:
        story.paragraphs.append(paragraph)
    for box in boxes:
        _blocks(box, story)


def _runs(element: Element, pieces: list[str], boxes: list[Element], story: _Story) -> None:
    """Gather the visible text under an element; recursion is bounded by the parser's nesting limit."""
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        tag = local(child)
        if tag in _DROPPED:
            story.tracked = story.tracked or tag in {"del", "moveFrom"}
        elif tag == "t":
            pieces.append(child.text or "")
        elif tag in _BREAKS:
            pieces.append(_BREAKS[tag])
        elif tag == "txbxContent":
            boxes.append(child)
        elif tag == "r" and _vanished(child):
            continue
        elif tag in {"footnoteReference", "endnoteReference"}:
            number = attribute(child, "id")
            pieces.append(f"［注{number}］" if number else "")
        else:
            story.tracked = story.tracked or tag in {"ins", "moveTo"}
            stack.append(iter(child))


def _vanished(run: Element) -> bool:
    """Whether a run is marked as hidden text."""
    properties = next((e for e in run if local(e) == "rPr"), None)
    mark = next((e for e in properties if local(e) == "vanish"), None) if properties is not None else None
    return mark is not None and attribute(mark, "val") not in {"0", "false", "off"}


def _table(element: Element, story: _Story) -> Table:
    """Rows of cell texts; a cell that others are merged into holds the text, the covered ones are empty."""
    rows: Table = []
    for row in _children(element, "tr"):
        properties = next((e for e in row if local(e) == "trPr"), None)
        if properties is not None and any(local(e) == "del" for e in properties):
            story.tracked = True
            continue
        cells: list[str] = []
        for cell in _children(row, "tc"):
            settings = next((e for e in cell if local(e) == "tcPr"), None)
            span, covered = 1, False
            for item in settings if settings is not None else ():
                if local(item) == "gridSpan":
                    span = (
                        min(int(attribute(item, "val") or "1"), 200) if (attribute(item, "val") or "").isdigit() else 1
                    )
                elif local(item) == "vMerge":
                    covered = attribute(item, "val") != "restart"
            inner = _Story(numbering=story.numbering)
            _blocks(cell, inner)
            story.tracked = story.tracked or inner.tracked
            text = " ".join(p.text.strip() for p in inner.paragraphs if p.text.strip())
            cells += ["" if covered else text] + [""] * (span - 1)
        if cells:
            rows.append(cells)
    return rows


def _children(element: Element, wanted: str) -> list[Element]:
    """Rows or cells, also those wrapped in content controls."""
    found: list[Element] = []
    for child in element:
        tag = local(child)
        if tag == wanted:
            found.append(child)
        elif tag in {"sdt", "sdtContent", "ins", "customXml"}:
            found += _children(child, wanted)
    return found


def _notes(root: Element) -> list[str]:
    """Footnotes or endnotes as lines."""
    lines = []
    for note in root:
        if attribute(note, "type") in {"separator", "continuationSeparator", "continuationNotice"}:
            continue
        inner = _Story()
        _blocks(note, inner)
        text = " ".join(p.text.strip() for p in inner.paragraphs if p.text.strip())
        if text:
            lines.append(f"［注{attribute(note, 'id')}］{text}")
    return lines


def _title_styles(styles: Element | None) -> set[str]:
    """Ids of the styles called Title (标题 without a number)."""
    found: set[str] = set()
    for style in styles if styles is not None else ():
        label = next((attribute(e, "val") or "" for e in style if local(e) == "name"), "")
        if label.strip().lower() in {"title", "标题", "文章标题", "公文标题"}:
            found.add(attribute(style, "styleId") or "")
    return found


def _title(paragraphs: list[_Paragraph], title_styles: set[str]) -> str:
    """A paragraph styled as title, else centred opening lines, else what reads like a title."""
    opening = [p for p in paragraphs if p.text.strip()][:15]
    styled = [p.text.strip() for p in opening if p.style in title_styles]
    if styled:
        return " ".join(" ".join(styled[:2]).split())
    centred = [p.text.strip() for p in opening if p.centred and len(p.text.strip()) <= 80]
    if centred:
        return guess_title(centred)
    return guess_title([p.text for p in opening])
