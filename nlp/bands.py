"""Which of many documents may be near another one: MinHash bands in a hash table of fixed cost a document.

Plain tables of integers instead of a set a band: BANDS * 12 bytes a document, at most twice that with the room to
grow, so a million documents need half a gigabyte to one. A band that very many texts share (a form letter) is
walked DEPTH documents deep, newest first: the time a document takes is bounded as well.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

BANDS, ROWS = 42, 3  # a pair at Jaccard .6 becomes a candidate with 1 - (1 - .6^3)^42 = .99996
DEPTH = 64
MOST = 48  # candidates handed out, those that share most bands first
_FIRST_ROOM = 1024
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SALT = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)
_LANE = np.arange(BANDS, dtype=np.int64)


class BandTable:
    """Documents numbered from 0 in the order they were added."""

    def __init__(self) -> None:
        self._count = 0
        self._keys = np.empty((_FIRST_ROOM, BANDS), dtype=np.uint32)
        self._older = np.empty((_FIRST_ROOM, BANDS), dtype=np.int32)
        self._heads = np.full(_FIRST_ROOM * BANDS, -1, dtype=np.int32)

    def __len__(self) -> int:
        return self._count

    def bytes_held(self) -> int:
        """Bytes of the table's arrays."""
        return self._keys.nbytes + self._older.nbytes + self._heads.nbytes

    def near(self, sketch: npt.NDArray[np.uint64]) -> list[int]:
        """At most MOST documents that share a band with the sketch, those with most shared bands first.

        ``sketch``: BANDS * ROWS MinHash values.
        """
        keys, slots = self._hashed(sketch)
        at, lanes, wanted = self._heads[slots].astype(np.int64), _LANE, keys
        found: list[npt.NDArray[np.int64]] = []
        for _ in range(DEPTH):
            alive = at >= 0
            if not alive.any():
                break
            at, lanes, wanted = at[alive], lanes[alive], wanted[alive]
            hit = self._keys[at, lanes] == wanted
            if hit.any():
                found.append(at[hit])
            at = self._older[at, lanes].astype(np.int64)
        if not found:
            return []
        documents, shared = np.unique(np.concatenate(found), return_counts=True)
        order = np.lexsort((documents, -shared))[:MOST]
        return [int(i) for i in documents[order]]

    def add(self, sketch: npt.NDArray[np.uint64] | None) -> int:
        """Keep a document's bands and return its number; None keeps a number for a text too short to compare."""
        if self._count == len(self._keys):
            self._grow()
        number = self._count
        self._count += 1
        if sketch is None:
            self._keys[number], self._older[number] = 0, -1
            return number
        keys, slots = self._hashed(sketch)
        self._keys[number] = keys
        self._chain(number, slots)
        return number

    def _hashed(self, sketch: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
        """Each band's 32-bit key, and its slot among the heads."""
        mixed = (sketch.reshape(BANDS, ROWS) * _MULTIPLIERS).sum(axis=1, dtype=np.uint64) ^ _SALT
        mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        keys = (mixed >> np.uint64(32)).astype(np.uint32)
        return keys, self._slots(keys)

    def _slots(self, keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        """Each band has its own range of heads, so that a chain holds one band only."""
        width = len(self._heads) // BANDS
        return ((keys.astype(np.uint64) * np.uint64(width)) >> np.uint64(32)).astype(np.int64) + _LANE * width

    def _chain(self, number: int, slots: npt.NDArray[np.int64]) -> None:
        self._older[number] = self._heads[slots]
        self._heads[slots] = number

    def _grow(self) -> None:
        """Twice the room; chains are laid anew over twice the heads."""
        room = 2 * len(self._keys)
        keys, older = np.empty((room, BANDS), np.uint32), np.empty((room, BANDS), np.int32)
        keys[: self._count], older[: self._count] = self._keys[: self._count], self._older[: self._count]
        self._keys, self._older = keys, older
        self._heads = np.full(room * BANDS, -1, dtype=np.int32)
        for number in range(self._count):
            if self._keys[number].any():
                self._chain(number, self._slots(self._keys[number]))
