"""robots.txt after RFC 9309: missing means allowed, unreachable means not allowed, kept for a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from protego import Protego

AGENT = "ShijiCollector"
KEPT_SECONDS = 24 * 3600.0
UNREACHABLE_SECONDS = 600.0  # ask again sooner when the file could not be had
LARGEST = 500 * 1024  # bytes read of a robots.txt (RFC 9309 §2.5)
LONGEST_DELAY = 60.0

Load = Callable[[str], tuple[int, bytes]]  # address of robots.txt -> status (0: unreachable), body


@dataclass(frozen=True)
class Verdict:
    """Whether a URL may be fetched, and the gap in seconds its site asks for (0: none asked)."""

    allowed: bool
    delay: float = 0.0
    reachable: bool = True


@dataclass(frozen=True)
class _Rules:
    parsed: Protego | None  # None: all allowed, or none where unreachable
    reachable: bool
    until: float


class Robots:
    """Rules of each site, fetched at need."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rules: dict[str, _Rules] = {}

    def ask(self, origin: str, url: str, load: Load) -> Verdict:
        """Judge ``url``; ``origin`` is its scheme, host and port such as ``https://a.example:8443``."""
        with self._lock:
            rules = self._rules.get(origin)
        if rules is None or rules.until < time.monotonic():
            rules = _read(*load(f"{origin}/robots.txt"))
            with self._lock:
                self._rules[origin] = rules
        if rules.parsed is None:
            return Verdict(allowed=rules.reachable, reachable=rules.reachable)
        delay = rules.parsed.crawl_delay(AGENT) or 0.0
        return Verdict(rules.parsed.can_fetch(url, AGENT), min(float(delay), LONGEST_DELAY))


def _read(status: int, body: bytes) -> _Rules:
    now = time.monotonic()
    if 400 <= status < 500:
        return _Rules(None, True, now + KEPT_SECONDS)
    if status != 200:
        return _Rules(None, False, now + UNREACHABLE_SECONDS)
    text = body[:LARGEST].decode("utf-8-sig", "replace")
    return _Rules(Protego.parse(text), True, now + KEPT_SECONDS)
