"""A method's parameters as one line that a person can type: alpha=0.4；share.bad=-0.5；standards=9,7,5,3,0."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.decimals import to_decimal
from storage.errors import ShijiError


def params_text(params: Mapping[str, Any], prefix: str = "") -> str:
    """The line of a card's params."""
    parts = []
    for key, value in params.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            parts.append(params_text(value, f"{name}."))
        elif isinstance(value, list | tuple):
            parts.append(f"{name}={','.join(_word(item) for item in value)}")
        else:
            parts.append(f"{name}={_word(value)}")
    return "; ".join(part for part in parts if part)


def read_params(text: str, where: str) -> dict[str, Any]:
    """The params of such a line. Raises ShijiError METHOD-PARAMETER."""
    result: dict[str, Any] = {}
    for part in unicodedata.normalize("NFKC", text).replace("\n", ";").split(";"):
        if not part.strip():
            continue
        name, equals, words = part.partition("=")
        keys = [key.strip() for key in name.split(".")]
        if not equals or not all(keys) or not words.strip() or len(keys) > 2:
            written = part.strip()[:40]
            raise ShijiError("METHOD-PARAMETER", f"参数“{written}”写法有误", where, "请按 名称=数值; 名称=数值 填写")
        items = [_item(item.strip()) for item in words.split(",")]
        value = items[0] if len(items) == 1 else tuple(items)
        if len(keys) == 1:
            result[keys[0]] = value
        else:
            inner = result.setdefault(keys[0], {})
            if not isinstance(inner, dict):
                raise ShijiError("METHOD-PARAMETER", f"参数“{keys[0]}”重复", where, "请改参数")
            inner[keys[1]] = value
    return result


def _word(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _item(text: str) -> Any:
    try:
        return to_decimal(text)
    except ValueError:
        return text
