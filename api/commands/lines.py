"""JSON lines in and out: the contract of the batch commands (design.md §6).

UTF-8 in, one line out for each input in input order, errors as lines with "error", logs to stderr.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from storage.errors import ShijiError

STDIN = "-"


@dataclass(frozen=True)
class Input:
    """One input line: its object, or why it could not be read. `id`: the object's own, null where there is none."""

    id: Any = None
    data: dict[str, Any] = field(default_factory=dict)
    error: dict[str, str] | None = None


def read_lines(file: str, needed: tuple[str, ...] = ("text",)) -> Iterator[Input]:
    """The objects of a JSON lines file or of standard input; blank lines are no input."""
    with _open(file) as stream:
        for number, raw in enumerate(stream, 1):
            line = raw.removeprefix(b"\xef\xbb\xbf").strip()
            if line:
                yield _parse(line, f"line {number}", needed)


def write_line(values: dict[str, Any]) -> None:
    """One object on one line of standard output, at once."""
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def chunks(inputs: Iterable[Input], size: int) -> Iterator[list[Input]]:
    """Inputs in groups, so that a model works on many at a time while output keeps flowing."""
    group: list[Input] = []
    for item in inputs:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def failure(error: BaseException, where: str = "") -> dict[str, str]:
    """An error as a line carries it; anything unforeseen keeps its kind and text."""
    if isinstance(error, ShijiError):
        return error.as_dict()
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    if isinstance(code, str) and isinstance(message, str):  # nlp has errors of its own, of the same shape
        return {
            "code": code, "message": message, "where": str(getattr(error, "where", where)),
            "action": str(getattr(error, "action", "")),
        }  # fmt: skip
    logging.getLogger("shiji.batch").error("unforeseen error at %s", where, exc_info=error)
    return {"code": "BATCH-FAILED", "message": f"{type(error).__name__}: {error}", "where": where, "action": ""}


def prepare_streams() -> None:
    """UTF-8 whatever the locale, logs on stderr; a half character in a text must not end the batch."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def _open(file: str) -> AbstractContextManager[IO[bytes]]:
    if file == STDIN:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as bad:
        raise ShijiError("FILE-OPEN", f"文件无法打开：{bad.strerror}", file, "请检查路径。") from bad


def _parse(line: bytes, where: str, needed: tuple[str, ...]) -> Input:
    try:
        data = json.loads(line.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as bad:
        return Input(error={"code": "LINE-JSON", "message": f"不是 JSON：{bad}", "where": where, "action": ""})
    if not isinstance(data, dict):
        return Input(error={"code": "LINE-FORM", "message": "应为一个对象", "where": where, "action": ""})
    data = {key: _whole(value) if isinstance(value, str) else value for key, value in data.items()}
    identity = data.get("id")
    for name in needed:
        if not isinstance(data.get(name), str):
            message = f"缺少文本字段 {name}"
            return Input(identity, data, {"code": "LINE-FIELD", "message": message, "where": where, "action": ""})
    return Input(identity, data)


def _whole(text: str) -> str:
    """Text without half characters (lone surrogates from a careless escape), same length."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def text_of(data: dict[str, Any], name: str) -> str:
    """An optional text field; anything that is no text counts as not given."""
    value = data.get(name)
    return value if isinstance(value, str) else ""
