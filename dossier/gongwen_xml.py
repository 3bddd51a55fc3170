"""Children of Word elements, put where the schema's order demands: Word refuses a file out of order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_PARAGRAPH = """
pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
"""
_RUN = """
rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
eastAsianLayout specVanish oMath
"""
_TABLE = """
tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd
tblBorders shd tblLayout tblCellMar tblLook
"""
_ORDER = {"pPr": tuple(_PARAGRAPH.split()), "rPr": tuple(_RUN.split()), "tblPr": tuple(_TABLE.split())}


def put_child(parent: Any, tag: str, values: Mapping[str, str] | None = None) -> Any:
    """Replace the child `tag` (such as ``w:jc``) of a Word element; returns the new child."""
    for old in parent.findall(qn(tag)):
        parent.remove(old)
    element = OxmlElement(tag)
    for key, value in (values or {}).items():
        element.set(qn(key), value)
    order = _ORDER.get(parent.tag.split("}")[1], ())
    after = {qn(f"w:{name}") for name in order[order.index(tag[2:]) + 1 :]} if order else set()
    for position, other in enumerate(parent):
        if other.tag in after:
            parent.insert(position, element)
            return element
    parent.append(element)
    return element
