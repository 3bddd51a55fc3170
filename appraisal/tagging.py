"""Exact numbers through JSON: an exact number becomes {"number": "0.4"} and comes back as Decimal("0.4")."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def tagged(value: Any) -> Any:
    """A value as JSON can hold it, numbers tagged."""
    if isinstance(value, Decimal):
        return {"number": format(value, "f")}
    if isinstance(value, Mapping):
        return {key: tagged(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [tagged(item) for item in value]
    return value


def untagged(value: Any) -> Any:
    """`tagged` undone; lists come back as tuples."""
    if isinstance(value, dict):
        if set(value) == {"number"}:
            return Decimal(value["number"])
        return {key: untagged(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(untagged(item) for item in value)
    return value
