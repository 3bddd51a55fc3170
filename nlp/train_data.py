"""Training passages: our own in nlp/training, and, where the shared test data lies beside the checkout, labelled ones.

`news_labels.tsv` holds labels made for this project on public news by readers of domain.md §3; the news itself stays in
the shared data, so that without it only our own passages train.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.errors import NlpError
from nlp.topic_port import LABELS, TopicInput

TRAINING = Path(__file__).parent / "training"
LABELLED_WEIGHT = 3.0  # adjudicated passages against one of ours
UNSURE_WEIGHT = 0.5
SURE_IRRELEVANT_WEIGHT = 0.3  # the news labels hold many of them: they must not drown the rest
_OPENING = re.compile(r"^央视网消息（新闻联播）：")


@dataclass(frozen=True)
class Example:
    """One training passage; `sub_type` "NA" for irrelevant. `group`: passages of one document stay in one fold."""

    text: str
    label: str
    sub_type: str
    title: str = ""
    also: tuple[str, ...] = ()
    weight: float = 1.0
    group: str = ""
    origin: str = "own"  # own, labelled or news
    source: str = ""

    @property
    def passage(self) -> TopicInput:
        """As a topic model reads it."""
        return TopicInput(self.text, self.title, "", self.source)


def read_examples(folder: Path = TRAINING) -> list[Example]:
    """All passages of nlp/training/*.jsonl. Raises NLP-T01 for a line that cannot be used."""
    examples = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, row in _lines(file):
            try:
                example = Example(
                    row["text"], row["label"], row.get("sub") or "NA", row.get("title") or "",
                    tuple(row.get("also") or ()), group=f"{file.name}:{number}", source=row.get("source") or "",
                )  # fmt: skip
            except (KeyError, TypeError) as bad:
                raise NlpError("NLP-T01", f"训练行不可用：{bad}", f"{file.name} 第{number}行", "检查该行") from bad
            if example.label not in LABELS:
                raise NlpError("NLP-T01", f"没有这一分类：{example.label}", f"{file.name} 第{number}行", "改正 label")
            examples.append(example)
    return examples


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as bad:
                raise NlpError("NLP-T01", f"训练行不可用：{bad}", f"{file.name} 第{number}行", "检查该行") from bad


def read_labelled(shared: Path) -> list[Example]:
    """The adjudicated passages of the shared data; empty without it."""
    file = shared / "labelled" / "passages.jsonl"
    if not file.exists():
        return []
    return [
        Example(
            row["text"], row["label"], row.get("sub") or "NA", row.get("title") or "", tuple(row.get("also") or ()),
            LABELLED_WEIGHT, row["doc"], "labelled", row.get("source") or "",
        )
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    ]  # fmt: skip


def read_news(shared: Path, folder: Path = TRAINING) -> list[Example]:
    """The news passages that news_labels.tsv labels; empty without the shared data."""
    news, messages = shared / "news" / "xwlb_2022_2024.jsonl", shared / "leader_messages" / "messages_labelled.jsonl"
    if not news.exists() or not messages.exists():
        return []
    texts = dict(_news_passages(news)) | dict(_messages(messages))
    examples = []
    for line in (folder / "news_labels.tsv").read_text(encoding="utf-8").splitlines():
        name, label, also, sub_type, sure = line.split("\t")
        if name in texts:
            title, text, source = texts[name]
            others = tuple(a for a in also.split(",") if a in LABELS)
            weight = 1.0 if sure != "1" else UNSURE_WEIGHT
            if label == "irrelevant":
                weight = SURE_IRRELEVANT_WEIGHT
            group = name.split("#")[0]
            examples.append(Example(text, label, sub_type, title, others, weight, group, "news", source))
    return examples


def _news_passages(file: Path) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """(document#line, (title, text, source)) of each paragraph."""
    with file.open(encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            for number, paragraph in enumerate(document["text"].split("\n")):
                text = _OPENING.sub("", paragraph).strip()
                yield f"{document['id']}#{number}", (document["title"], text, "新闻联播")


def _messages(file: Path) -> Iterator[tuple[str, tuple[str, str, str]]]:
    with file.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = re.sub(r"\s+", "", row["留言详情"])[:300]
            yield f"lm-{row['留言编号']}", (row["留言主题"], text, "网上留言")


def digest(examples: Iterable[Example]) -> str:
    """SHA-256 over what a model learns from, in order."""
    whole = hashlib.sha256()
    for example in examples:
        whole.update(
            f"{example.label}\t{example.sub_type}\t{example.weight}\t{example.title}\t{example.text}\n".encode()
        )
    return whole.hexdigest()


def passages_of(examples: Sequence[Example]) -> list[TopicInput]:
    """The examples as a topic model reads them."""
    return [example.passage for example in examples]
