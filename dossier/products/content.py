"""What a product is made of: sentences that cite, parts, tables, the annex they cite from (R-24, domain.md §4).

A sentence is one of three: it cites (`citations`), it is a fixed phrase of a form (`frame`, see frames.py), or it is
marked 暂无佐证 (`unsupported`). Nothing else can be issued.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

UNSUPPORTED = "【暂无佐证】"
NOTE, LEADER, COUNT = "内部备注", "市领导意见", "统计"  # tags that redaction acts on (domain.md §2.10)
TAGS = (NOTE, LEADER, COUNT)


@dataclass(frozen=True)
class Sentence:
    """One statement and the numbers of what it rests on; `frame` marks a fixed phrase of the form.

    `source` is the remark on origin and state printed after the text in brackets (来源：…；独立信源2；已核实), kept
    apart so that it can be taken out for a unit. `team_id`: the team the sentence is about. `tags`: NOTE, LEADER,
    COUNT. `unsettled`: the item is not established, so persons in it are not named to leaders.
    """

    text: str
    citations: tuple[str, ...] = ()
    frame: bool = False
    unsupported: bool = False
    source: str = ""
    team_id: str = ""
    tags: tuple[str, ...] = ()
    unsettled: bool = False

    @property
    def said(self) -> str:
        """The words with their remark on origin, before the stop: ……（来源：…）。"""
        if not self.source:
            return self.text + (UNSUPPORTED if self.unsupported else "")
        body, stop = (self.text[:-1], self.text[-1]) if self.text.endswith(("。", "；")) else (self.text, "")
        return f"{body}（{self.source}）{stop}" + (UNSUPPORTED if self.unsupported else "")

    @property
    def marked(self) -> str:
        """The words followed by their citations: ……。〔E-20250811-000123〕"""
        return self.said + "".join(f"〔{code}〕" for code in self.citations)


@dataclass(frozen=True)
class Part:
    """A heading (level 1 to 3, its number included; "" for none) with its sentences.

    In a numbered part each sentence is a paragraph with its number; otherwise all of them are one paragraph.
    """

    level: int
    heading: str
    sentences: tuple[Sentence, ...] = ()
    numbered: bool = False

    @property
    def paragraphs(self) -> list[tuple[str, tuple[Sentence, ...]]]:
        """(number or "", sentences) for each paragraph, as page and paper show them.

        Inside a paragraph a citation that the next sentence repeats is shown once, after the last of them.
        """
        if not self.numbered:
            return [("", tuple(_once(self.sentences)))] if self.sentences else []
        out: list[tuple[str, tuple[Sentence, ...]]] = []
        number = 0
        for sentence in self.sentences:
            number += not sentence.frame
            out.append(("" if sentence.frame else f"{number}.", (sentence,)))
        return out


def _once(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    for sentence, following in zip(sentences, (*sentences[1:], None), strict=True):
        repeated = following is not None and following.citations == sentence.citations
        yield replace(sentence, citations=()) if repeated else sentence


@dataclass(frozen=True)
class AnnexRow:
    """One line of the 佐证清单. `evidence_id` is empty for the roster and for indicator data; `own`: the item was
    the cadre's own when printed, not only the team's."""

    code: str
    summary: str
    source: str
    day: str
    state: str
    independent: str = ""
    reprints: str = ""
    evidence_id: int | None = None
    team_id: str = ""
    own: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a product. `after`: it stands behind the part with this heading; "" puts it into an annex of its
    own. `unit` is printed at the upper right; the last `numeric` columns are right-aligned. `widths` in mm, 156 in all.

    `citations` names what the figures rest on; a table of counts made by the product itself has none and says so in
    `basis`. `row_teams`: the team of each row ("" for none), so that a unit sees only its own line.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: int = 0
    unit: str = ""
    after: str = ""
    basis: str = ""
    citations: tuple[str, ...] = ()
    row_teams: tuple[str, ...] = ()
    counts_persons: bool = False  # cells count persons: fewer than three are not shown in statistics (P4)


@dataclass(frozen=True)
class ProductContent:
    """A product as composed or edited, before it has a number.

    kind: code in kinds.py. head: lines under the title, ready to print. made_on: ISO date of the paper. since/until:
    ISO dates of the matter. teams/cadres: ids of whom it tells, for scope and recusal. form: what goes into numbered
    boxes of a form (重要事项报告单, 年度考核登记表), label -> text, printed as a table after the head.
    """

    kind: str
    title: str
    made_on: str
    head: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    tables: tuple[Table, ...] = ()
    annex: tuple[AnnexRow, ...] = ()
    tail: tuple[Sentence, ...] = ()  # lines after the signature, such as 统计
    office: str = ""
    section: str = ""
    addressee: str = ""  # 主送, with 告知书 and 澄清函
    since: str = ""
    until: str = ""
    teams: tuple[str, ...] = ()
    cadres: tuple[str, ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    restricted: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    @property
    def sentences(self) -> Iterator[tuple[str, Sentence]]:
        """(heading, sentence) of everything that is said."""
        for part in self.parts:
            for sentence in part.sentences:
                yield part.heading, sentence
        for sentence in self.tail:
            yield "文末", sentence


def sentence_of(data: dict[str, Any]) -> Sentence:
    """A sentence as it was stored."""
    return Sentence(**{**data, "citations": tuple(data["citations"]), "tags": tuple(data.get("tags", ()))})


def part_of(data: dict[str, Any]) -> Part:
    """A part as it was stored."""
    return Part(data["level"], data["heading"], tuple(map(sentence_of, data["sentences"])), data["numbered"])


def content_of(data: dict[str, Any]) -> ProductContent:
    """A product's content as it was stored."""
    plain = {"head", "teams", "cadres"}
    return ProductContent(
        **{
            **data,
            **{key: tuple(data[key]) for key in plain},
            "parts": tuple(map(part_of, data["parts"])),
            "tables": tuple(_table_of(t) for t in data["tables"]),
            "annex": tuple(AnnexRow(**row) for row in data["annex"]),
            "tail": tuple(map(sentence_of, data["tail"])),
            "form": tuple((label, text) for label, text in data["form"]),
        }
    )


def _table_of(data: dict[str, Any]) -> Table:
    lists = ("header", "widths", "citations", "row_teams")
    return Table(**{**data, **{k: tuple(data[k]) for k in lists}, "rows": tuple(tuple(r) for r in data["rows"])})
