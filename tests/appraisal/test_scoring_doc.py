"""docs/scoring.md says nothing that the program does not compute."""

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_number_in_the_page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    # A closing fence right after an answer would be read as part of it.
    text = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8").replace("```", "")
    test = doctest.DocTestParser().get_doctest(text, {}, "scoring.md", "scoring.md", 0)
    result = doctest.DocTestRunner(verbose=False).run(test)
    assert result.attempted > 50
    assert result.failed == 0, capsys.readouterr().out
