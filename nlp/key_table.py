"""Where 64-bit keys stand in a vocabulary: an open hash table in two arrays, asked for many keys at once.

A binary search in a vocabulary of hundreds of thousands misses the processor's cache at nearly every step; a table is
asked once or twice a key.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads neighbouring keys (Knuth, vol. 3, 6.4)
NONE = -1


@dataclass(frozen=True)
class KeyTable:
    """`keys` as given, each once; `slots` holds numbers of keys, NONE where empty, a power of two of them."""

    keys: np.ndarray
    slots: np.ndarray

    def find(self, wanted: np.ndarray) -> np.ndarray:
        """Number of each wanted key in `keys`, NONE where it is not there."""
        if not len(self.keys):
            return np.full(len(wanted), NONE)
        place = _place(wanted, len(self.slots))
        number = self.slots[place]
        right = self.keys[number] == wanted
        found = np.where(right & (number != NONE), number, NONE)
        open_ = np.flatnonzero(~right & (number != NONE))
        while len(open_):  # another key stands there: the next slot
            place[open_] = (place[open_] + 1) % len(self.slots)
            number = self.slots[place[open_]]
            right = (self.keys[number] == wanted[open_]) & (number != NONE)
            found[open_[right]] = number[right]
            open_ = open_[~right & (number != NONE)]
        return found


def key_table(keys: np.ndarray) -> KeyTable:
    """Build the table of unsigned 64-bit keys; no more than a third of its slots are taken."""
    size = 1 << max(4, (3 * len(keys)).bit_length())
    slots = np.full(size, NONE, dtype=np.int32)
    place, open_ = _place(keys, size), np.arange(len(keys))
    while len(open_):
        at = place[open_]
        free = slots[at] == NONE
        slots[at[free]] = open_[free]  # where several want one slot, the last has it
        open_ = open_[slots[at] != open_]
        place[open_] = (place[open_] + 1) % size
    return KeyTable(keys, slots)


def _place(keys: np.ndarray, size: int) -> np.ndarray:
    return ((keys * _SPREAD) >> np.uint64(64 - (size.bit_length() - 1))).astype(np.int64)
