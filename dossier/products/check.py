"""The one rule of every product: a sentence cites, or is a fixed phrase, or is marked 暂无佐证 (R-24)."""

from __future__ import annotations

from dossier.products.content import UNSUPPORTED, ProductContent, Sentence
from dossier.products.frames import is_frame
from storage.errors import ShijiError


def faults(content: ProductContent) -> list[ShijiError]:
    """All that stands in the way of issuing this content, in reading order: PRODUCT-UNCITED, PRODUCT-CITATION."""
    listed = {row.code for row in content.annex}
    found = []
    for heading, sentence in content.sentences:
        fault = _fault(heading, sentence, listed)
        if fault:
            found.append(fault)
    for table in content.tables:
        missing = [code for code in table.citations if code not in listed]
        if missing:
            found.append(_unlisted(table.title, missing))
        if not table.citations and not table.basis:
            text = "表格没有注明数据依据"
            found.append(ShijiError("PRODUCT-UNCITED", text, table.title, "请注明口径或引用编号。"))
    return found


def check(content: ProductContent) -> None:
    """Raise the first fault, if any."""
    for fault in faults(content):
        raise fault


def _fault(heading: str, sentence: Sentence, listed: set[str]) -> ShijiError | None:
    if not sentence.text.strip():
        return ShijiError("PRODUCT-UNCITED", "有空白语句", heading, "请填写或删去该句。")
    if sentence.frame:
        fixed = not sentence.citations and is_frame(sentence.text)
        return None if fixed else _uncited(heading, sentence)
    if sentence.citations:
        missing = [code for code in sentence.citations if code not in listed]
        return _unlisted(heading, missing) if missing else None
    return None if sentence.unsupported else _uncited(heading, sentence)


def _uncited(heading: str, sentence: Sentence) -> ShijiError:
    return ShijiError(
        "PRODUCT-UNCITED", f"有未注明佐证的语句，不能送审或签发：{sentence.text[:40]}", heading,
        f"请选择佐证编号、标注{UNSUPPORTED}，或删去该句。",
    )  # fmt: skip


def _unlisted(heading: str, missing: list[str]) -> ShijiError:
    return ShijiError(
        "PRODUCT-CITATION", f"引用的编号不在佐证清单中：{'、'.join(missing)}", heading, "请重新选择佐证编号。"
    )
