"""Officers read words, not codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.marks import in_words

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
TABLE = PAGE.split("| mark on a document |")[1].split("\n\n")[0]
MARKS = re.findall(r"[A-Z]+(?:-[A-Z]+)+", "\n".join(line.split("|")[1] for line in TABLE.split("\n")[1:] if line))


@pytest.mark.parametrize("mark", [*MARKS, "READ-NEEDS-OCR", "READ-EMPTY"])
def test_every_mark_has_words(mark: str) -> None:
    assert len(MARKS) > 12
    assert not re.search("[A-Z]", in_words(mark))


def test_details_stay() -> None:
    assert in_words("READ-OCR: 1,2").endswith("页码：1,2")
    assert in_words("NEWER-CODE: x") == "NEWER-CODE: x"
