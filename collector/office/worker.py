"""Files are read in a process of its own with limits on memory and time: a hostile file costs that process.

The worker reads requests from standard input and answers on standard output, one JSON line each; it serves
many files one after the other and is replaced when it dies, hangs or has served its share.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from collector.errors import CollectorError
from collector.office.document import Limits, ReadDocument, refuse
from collector.office.read import read_file

FILES_PER_WORKER = 50
MAX_ANSWER = 400 * 1024 * 1024  # bytes of JSON; a file that says more is refused


class LimitedReader:
    """Reads files one at a time in a limited worker process. Use as a context manager."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> LimitedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, source: Path | str | bytes, name: str = "") -> ReadDocument:
        """Read one file. Raises CollectorError as ``read_file`` does, and READ-TIMEOUT, READ-MEMORY."""
        if isinstance(source, bytes):
            with tempfile.NamedTemporaryFile(prefix="shiji-read-") as spool:
                spool.write(source)
                spool.flush()
                return self._ask(spool.name, name)
        return self._ask(str(source), name or Path(source).name)

    def _ask(self, path: str, name: str) -> ReadDocument:
        """Send one request and wait for its answer."""
        process = self._started()
        request = json.dumps({"path": os.path.abspath(path), "name": name}) + "\n"
        try:
            _pipe(process.stdin).write(request.encode())
            _pipe(process.stdin).flush()
            answer = self._receive(process, name)
        except (BrokenPipeError, EOFError) as error:
            self._stop()
            raise refuse("READ-MEMORY", "文件读取时占用资源过多或读取程序异常退出", name) from error
        self._served += 1
        if self._served >= FILES_PER_WORKER:
            self._stop()
        if "error" in answer:
            raise CollectorError(**answer["error"])
        return ReadDocument.from_dict(answer["document"])

    def _receive(self, process: subprocess.Popen[bytes], name: str) -> dict[str, Any]:
        """The answer line; kills the worker when the time is up. EOFError when the worker has died."""
        deadline = time.monotonic() + self.limits.seconds
        chunks: list[bytes] = []
        received = 0
        with selectors.DefaultSelector() as selector:
            selector.register(_pipe(process.stdout), selectors.EVENT_READ)
            while True:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self._stop()
                    raise refuse("READ-TIMEOUT", f"读取超过 {self.limits.seconds:.0f} 秒，已停止", name)
                chunk = os.read(_pipe(process.stdout).fileno(), 1 << 20)
                if not chunk:
                    raise EOFError
                chunks.append(chunk)
                received += len(chunk)
                if received > MAX_ANSWER:
                    self._stop()
                    raise refuse("READ-MEMORY", "文件内容过多，读取已停止", name)
                if chunk.endswith(b"\n"):
                    answer: dict[str, Any] = json.loads(b"".join(chunks))
                    return answer

    def _started(self) -> subprocess.Popen[bytes]:
        """The running worker, started where there is none."""
        if self._process is None or self._process.poll() is not None:
            root = str(Path(__file__).resolve().parents[2])
            path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "collector.office.worker", json.dumps(asdict(self.limits))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path}, start_new_session=True,
            )  # fmt: skip
            self._served = 0
        return self._process

    def _stop(self) -> None:
        """End the worker and what it started (LibreOffice)."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        process.wait()


def run_limited(source: Path | str | bytes, name: str = "", limits: Limits | None = None) -> ReadDocument:
    """Read one file in a limited process of its own; raises CollectorError like ``LimitedReader.read``."""
    with LimitedReader(limits) as reader:
        return reader.read(source, name)


def read_files(
    paths: Iterable[Path | str], limits: Limits | None = None
) -> Iterator[tuple[str, ReadDocument | CollectorError]]:
    """Read many files, in order: each path with its document or its coded error. A bad file stops nothing."""
    with LimitedReader(limits) as reader:
        for path in paths:
            try:
                yield str(path), reader.read(path)
            except CollectorError as error:
                yield str(path), error


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A pipe that is there: both are asked for when the worker is started."""
    if stream is None:
        raise BrokenPipeError
    return stream


def _restrict(limits: Limits) -> None:
    """Bound this process's memory; platforms without rlimits rely on the time limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: dict[str, str], limits: Limits) -> dict[str, Any]:
    """Read one file, whatever happens."""
    name = request["name"]
    try:
        return {"document": read_file(request["path"], name, limits).as_dict()}
    except CollectorError as error:
        return {"error": error.as_dict()}
    except MemoryError:
        return {"error": refuse("READ-MEMORY", "文件读取时占用内存过多", name).as_dict()}
    except Exception as error:  # a reader's own bug must not end the batch
        return {"error": refuse("READ-FAILED", f"读取失败（{type(error).__name__}）", name).as_dict()}


def main() -> None:
    """Serve requests until standard input ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    # Libraries that print must not garble the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _restrict(limits)
    for line in sys.stdin.buffer:
        answer = json.dumps(_answer(json.loads(line), limits), ensure_ascii=True)
        answers.write(answer.encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
