"""The demo's YAML files, read by the parser in C where it is there: the year's articles are a megabyte of YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage.yaml_text import load_yaml


def read_yaml(path: Path) -> Any:
    """What a YAML file (UTF-8) says. Raises yaml.YAMLError."""
    return load_yaml(path.read_text(encoding="utf-8"))


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """The entries of every ``*.yaml`` in a folder, in the order of the files."""
    return [row for file in sorted(folder.glob("*.yaml")) for row in read_yaml(file) or ()]
