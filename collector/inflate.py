"""Undo Content-Encoding a bounded piece at a time, so that a compression bomb is stopped, not unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import brotli

from collector.errors import CollectorError

PIECE = 256 * 1024  # most bytes held at once
BROTLI_PIECE = PIECE // 2  # its buffer may grow to twice what it is told
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


def inflate(chunks: Iterable[bytes], encoding: str, where: str) -> Iterator[bytes]:
    """Decoded pieces of at most PIECE bytes. ``encoding``: Content-Encoding; FETCH-ENCODING when unreadable."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        yield from chunks
    elif name in {"gzip", "x-gzip", "deflate"}:
        yield from _unpack(chunks, name == "deflate", where)
    elif name == "br":
        yield from _unbrotli(chunks, where)
    else:
        raise CollectorError("FETCH-ENCODING", f"网页压缩方式无法识别：{name[:40]}", where, "请联系系统管理员。")


def _unbrotli(chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    try:
        for chunk in chunks:
            data = chunk
            while not unpacker.is_finished():
                piece = unpacker.process(data, output_buffer_limit=BROTLI_PIECE)
                data = b""
                if piece:
                    yield piece
                elif unpacker.can_accept_more_data():
                    break
        if not unpacker.is_finished():
            raise _incomplete(where)
    except brotli.error as bad:
        raise _damaged(bad, where) from bad


def _incomplete(where: str) -> CollectorError:
    return CollectorError("FETCH-ENCODING", "网页内容不完整", where, "系统将在下次采集时重试。")


def _damaged(bad: Exception, where: str) -> CollectorError:
    return CollectorError("FETCH-ENCODING", f"网页压缩内容已损坏：{bad}", where, "系统将在下次采集时重试。")


def _unpack(chunks: Iterable[bytes], deflate: bool, where: str) -> Iterator[bytes]:
    unpacker = None
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if unpacker is None:
                    unpacker = zlib.decompressobj(_window(data, deflate))
                elif unpacker.eof:
                    if deflate or data[0] != 0x1F:
                        return  # padding after the end
                    unpacker = zlib.decompressobj(_GZIP)
                piece = unpacker.decompress(data, PIECE)
                if piece:
                    yield piece
                data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        if unpacker is None or unpacker.eof:
            return
        tail = unpacker.flush()
        if tail:
            yield tail
        if not unpacker.eof:
            raise _incomplete(where)
    except zlib.error as bad:
        raise _damaged(bad, where) from bad


def _window(data: bytes, deflate: bool) -> int:
    """zlib's window argument; "deflate" is sent both with and without the zlib header."""
    if not deflate:
        return _GZIP
    return _ZLIB if data[0] & 0x0F == 8 else _RAW
