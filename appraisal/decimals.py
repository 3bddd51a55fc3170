"""Exact-enough arithmetic: Decimal with 50 digits inside, rounding half up only when a number is shown."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext

PRECISION = Context(prec=50, rounding=ROUND_HALF_EVEN)
HUNDRED = Decimal(100)
TIE = Decimal("0.005")  # domain.md §1.9: scores closer than this count as equal
MINUS = "−"
_WIDE = Context(prec=90)
_ROOT_DIGITS = 60

Number = Decimal | int | str


def to_decimal(value: Number | float) -> Decimal:
    """Decimal of an int, Decimal, numeric text or float (a float by its shortest text, so 192.8 stays 192.8).

    Raises ValueError for anything that is not a finite number.
    """
    if isinstance(value, bool):
        raise ValueError("not a number: bool")
    try:
        number = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    except ArithmeticError as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def total(values: Iterable[Decimal]) -> Decimal:
    """Sum at full precision."""
    with localcontext(PRECISION):
        return sum(values, Decimal(0))


def nth_root(value: Decimal, n: int) -> Decimal:
    """The n-th root of a value >= 0, at full precision; a whole-number root comes out exact."""
    if value < 0 or n < 1:
        raise ValueError("nth_root needs value >= 0 and n >= 1")
    if value == 0 or n == 1:
        return value
    # In whole numbers: the root of value·10^(n·k), cut to sixty digits, is ten times quicker than a power.
    _, digits, exponent = value.as_tuple()
    number, power = int("".join(map(str, digits))), int(exponent)
    shift = max(0, _ROOT_DIGITS * n - len(digits))
    shift += (power - shift) % n
    root = _whole_root(number * 10**shift, n)
    return PRECISION.create_decimal(Decimal(root).scaleb((power - shift) // n, _WIDE))


def _whole_root(number: int, n: int) -> int:
    """The largest whole number whose n-th power is not above number, by Newton's rule from above."""
    guess = 1 << -(-number.bit_length() // n)
    while True:
        better = ((n - 1) * guess + number // guess ** (n - 1)) // n
        if better >= guess:
            return guess
        guess = better


def show(value: Decimal | None, places: int = 2, sign: bool = False) -> str:
    """Text of a number for officers: rounded half up, true minus sign; None is "—"."""
    if value is None:
        return "—"
    with localcontext(PRECISION) as context:
        context.prec = 80
        rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == 0:
        return f"{abs(rounded):f}"
    text = f"{abs(rounded):f}"
    if rounded < 0:
        return MINUS + text
    return ("+" if sign else "") + text


def plain(value: Decimal) -> str:
    """Text of a number as it was given, inside a formula; only a computed one is cut to 6 decimal places."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        text = show(value, 6).rstrip("0").rstrip(".")
        return text or "0"
    text = f"{value:f}"
    return MINUS + text[1:] if text.startswith("-") else text


def operand(value: Decimal) -> str:
    """`plain`, with a negative number in brackets, so that a formula reads on: 5.0 − （−1.2）."""
    text = plain(value)
    return f"（{text}）" if text.startswith(MINUS) else text
