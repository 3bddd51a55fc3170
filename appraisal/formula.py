"""A customer's scoring formula as data: a small expression language over exact numbers (domain.md §1.9 [D]).

Allowed: numbers, names, + - * /, whole powers, comparisons, `a if 条件 else b`, and/or/not, min, max, abs, clip.
There is no call, no attribute, no loop and no rank: a formula cannot read anything but the numbers it is given.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

from appraisal.decimals import PRECISION
from storage.errors import ShijiError

LONGEST, DEEPEST, LARGEST_POWER = 400, 40, 6
_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_CALLS: dict[str, Callable[..., Decimal]] = {"min": min, "max": max, "abs": abs}


@dataclass(frozen=True)
class Formula:
    """A checked expression and the names it uses."""

    text: str
    names: frozenset[str]
    tree: ast.expr

    def value(self, numbers: Mapping[str, Decimal]) -> Decimal:
        """The result at full precision. Raises ArithmeticError where it is undefined (division by zero)."""
        with localcontext(PRECISION):
            return +_number(_value(self.tree, numbers))


def compile_formula(text: str, where: str = "") -> Formula:
    """Check a formula. Raises ShijiError METHOD-FORMULA naming what is not allowed."""
    if len(text) > LONGEST:
        raise _bad(f"公式超过 {LONGEST} 个字符", where)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _bad("公式写法有误", where) from error
    names: set[str] = set()
    _check(tree, names, where, 0)
    return Formula(text.strip(), frozenset(names), tree)


def _check(node: ast.AST, names: set[str], where: str, depth: int) -> None:
    if depth > DEEPEST:
        raise _bad("公式嵌套过深", where)
    children: list[ast.AST] = []
    match node:
        case ast.Constant(value=bool()) | ast.Constant(value=complex()) | ast.Constant(value=str()):
            raise _bad("公式中只能有数和名称", where)
        case ast.Constant(value=int()) | ast.Constant(value=float()):
            pass
        case ast.Name(id=name):
            names.add(name)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(power))) if 0 <= power <= LARGEST_POWER:
            children = [left]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            children = [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=inner):
            children = [inner]
        case ast.BoolOp(values=values):
            children = list(values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            children = [test, body, orelse]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARE for op in ops):
            children = [left, *others]
        case ast.Call(func=ast.Name(id="clip"), args=[a, b, c], keywords=[]):
            children = [a, b, c]
        case ast.Call(func=ast.Name(id="abs"), args=[a], keywords=[]):
            children = [a]
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as args, keywords=[]):
            children = list(args)
        case _:
            raise _bad(f"公式中不能使用 {ast.unparse(node)[:40]}", where)
    for child in children:
        _check(child, names, where, depth + 1)


def _value(node: ast.expr, numbers: Mapping[str, Decimal]) -> Decimal | bool:
    match node:
        case ast.Constant(value=value):
            return Decimal(repr(value))
        case ast.Name(id=name):
            return numbers[name]
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _number(_value(left, numbers)) ** int(_number(_value(right, numbers)))
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_number(_value(left, numbers)), _number(_value(right, numbers)))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, numbers)
        case ast.UnaryOp(op=op, operand=inner):
            signed = _number(_value(inner, numbers))
            return -signed if isinstance(op, ast.USub) else signed
        case ast.BoolOp(op=op, values=values):
            joined = all if isinstance(op, ast.And) else any
            return joined(_value(value, numbers) for value in values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _value(test, numbers) else orelse, numbers)
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [_value(item, numbers) for item in (left, *others)]
            return all(_COMPARE[type(op)](a, b) for op, (a, b) in zip(ops, pairwise(sides), strict=True))
        case ast.Call(func=ast.Name(id="clip"), args=[a, b, c]):
            held, low, high = (_number(_value(item, numbers)) for item in (a, b, c))
            return max(low, min(high, held))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _CALLS[name](*(_number(_value(item, numbers)) for item in args))
    raise ValueError("unchecked formula")


def _number(value: Decimal | bool) -> Decimal:
    return Decimal(int(value)) if isinstance(value, bool) else value


def _bad(what: str, where: str) -> ShijiError:
    return ShijiError(
        "METHOD-FORMULA", what, where, "可用：数、名称、+ - * /、整数次方、比较、a if 条件 else b、min、max、abs、clip"
    )
