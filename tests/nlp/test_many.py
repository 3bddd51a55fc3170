"""Many documents: the same answers one by one, in groups and by several processes; a bad one stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.analyse import DocumentAnalysis, DocumentIn, analyse
from nlp.errors import NlpError
from nlp.many import GROUP, analyse_many
from nlp.roster import load_roster
from nlp.topic import load_topic_model

ROSTER = Path(__file__).parents[2] / "demo" / "roster.yaml"
LINES = ("石岭县一处在建工地发生坍塌，县长燕归鸿赶赴现场指挥救援。", "青棠区推行“一楼一策”工作法改造老旧小区。",
         "望澜区召开全区经济工作会议。", "国家统计局发布全国居民消费价格。")  # fmt: skip


def given(number: int) -> DocumentIn:
    text = "\n".join(f"{LINES[(number + n) % len(LINES)]}第{number}期。" for n in range(1 + number % 3))
    return DocumentIn(text, "题", "某日" if number == 70 else "2025-10-09", "澜宁日报", str(number))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_answers_in_order_whatever_the_number_of_processes(workers: int) -> None:
    roster, model = load_roster(ROSTER), load_topic_model(with_encoder=False)
    documents = [given(number) for number in range(GROUP + 40)]
    found = list(analyse_many(documents, roster, workers, with_encoder=False))
    assert isinstance(found[70], NlpError)
    assert found[70].code == "NLP-A02"
    for document, outcome in zip(documents, found, strict=True):
        if document.id != "70":
            assert isinstance(outcome, DocumentAnalysis)
            assert outcome == analyse(document, roster, model)


def test_nothing_to_read() -> None:
    assert list(analyse_many([], load_roster(ROSTER), 4)) == []
