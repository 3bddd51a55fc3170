"""One score and its reason: the answer to 为什么是 82.3 分."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.decimals import show

Words = str | Callable[[], str]  # a text, or what writes it: of thousands of sums few are ever read


@dataclass(frozen=True)
class Score:
    """A score in points, or None where no score may be given.

    formula: Chinese, numbers filled in; inputs: named numbers at full precision; flags: Chinese remarks an
    officer must see (缺报, 无区分度, 封顶 ...). value keeps full precision; round only with `text`.
    """

    value: Decimal | None
    words: Words = field(compare=False)
    inputs: Mapping[str, Decimal] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The sum written out."""
        return written(self.words)

    @property
    def text(self) -> str:
        """The value as shown: two places, half up; "—" where there is no score."""
        return show(self.value)


def written(words: Words) -> str:
    """The text of words."""
    return words if isinstance(words, str) else words()


def equation(core: Words, value: Decimal) -> str:
    """A sum written out with its result, brackets closed up: 60 + 40 ×（7.1 − 5.0）÷（9.0 − 5.0）= 81.00."""
    return close_brackets(f"{written(core)} = {show(value)}")


def close_brackets(text: str) -> str:
    """Cut the spaces around full-width brackets, which are wide enough by themselves."""
    for bracket in "（［":
        text = text.replace(f" {bracket}", bracket)
    for bracket in "）］":
        text = text.replace(f"{bracket} ", bracket)
    return text


def no_score(*flags: str, inputs: Mapping[str, Decimal] | None = None) -> Score:
    """No score, with its reasons; never a zero in place of a missing number (domain.md §1.9)."""
    return Score(None, "不计分：" + "；".join(flags), dict(inputs or {}), tuple(flags))
