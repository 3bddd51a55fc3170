"""外区转入: a source of the outer zone whose documents come in by bundles (R-11); nothing is visited."""

from __future__ import annotations

from collector.port import Kind

KIND = Kind("mirror", "外区转入", None)
