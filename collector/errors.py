"""Errors of the collector: a code, what happened, where, and what to do about it."""

from __future__ import annotations

from storage.errors import ShijiError


class CollectorError(ShijiError):
    """A document or source that could not be read. Codes: READ-*, PAGE-*, FEED-*, LIST-*, FETCH-*."""
