"""Politeness in time: a minimum gap between requests to one host, and pauses the host asked for."""

from __future__ import annotations

import time
from threading import Event, Lock

from collector.errors import CollectorError

LONGEST_PAUSE = 24 * 3600.0  # seconds; a longer Retry-After is cut to a day


class Pace:
    """When each host may next be asked. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: dict[str, float] = {}  # host -> monotonic second of the next free slot
        self._paused: dict[str, float] = {}  # host -> monotonic second until which it asked for quiet

    def wait(self, host: str, gap_seconds: float, stop: Event) -> None:
        """Take the host's next slot and sleep until it comes. Raises FETCH-BUSY or FETCH-STOPPED."""
        if self.paused_seconds(host) > 0:
            raise CollectorError("FETCH-BUSY", "网站要求暂缓访问", host, "系统将在约定时间后自动重试。")
        with self._lock:
            slot = max(time.monotonic(), self._next.get(host, 0.0))
            self._next[host] = slot + gap_seconds
        if stop.wait(max(0.0, slot - time.monotonic())):
            raise CollectorError("FETCH-STOPPED", "采集已停止", host, "重新启动后自动继续。")
        self.asked(host, gap_seconds)  # a thread that woke late asks late

    def asked(self, host: str, gap_seconds: float) -> None:
        """The next gap counts from now, not from the slot; called when a request goes out and when it is over."""
        with self._lock:
            self._next[host] = max(self._next[host], time.monotonic() + gap_seconds)

    def pause(self, host: str, seconds: float) -> None:
        """Leave the host alone for this long (429, 503, Retry-After)."""
        with self._lock:
            until = time.monotonic() + min(seconds, LONGEST_PAUSE)
            self._paused[host] = max(until, self._paused.get(host, 0.0))

    def paused_seconds(self, host: str) -> float:
        """Seconds the host is still to be left alone, 0 when it may be asked."""
        with self._lock:
            return max(0.0, self._paused.get(host, 0.0) - time.monotonic())
