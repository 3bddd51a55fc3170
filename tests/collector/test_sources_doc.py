"""docs/sources.md says what the collector does: its example registers, its codes are the ones in use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from collector.registry import register_sources
from storage.database import Database
from storage.tables import Category, Source, Team, Zone

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
FAMILIES = "BUNDLE|DATE|DROP|FEED|FETCH|INBOX|JSON|LIST|MAIL|OPML|PAGE|READ|REPORT|RUN|SAVED|SCHEDULER|SITEMAP|SOURCE"
FAMILIES += "|SUBMITTER|TITLE|UPLOAD|WARC"
CODE = re.compile(rf"(?:{FAMILIES})(?:-[A-Z]+)+")


def test_the_example_registers(database: Database) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    with database.write() as session:
        session.add_all([Category(id="城区类"), Zone(id="Z1", name="城区片")])
        session.flush()
        session.add(Team(id="D01", full="望澜区", short="望澜", category_id="城区类", zone_id="Z1"))
        ids = register_sources(session, yaml.safe_load(example))
    assert ids == ["lanwan-news", "wanglan-web", "tongbao"]
    with database.read() as session:
        wanglan = session.get_one(Source, "wanglan-web")
    assert (wanglan.owner_team_id, wanglan.rate_seconds, wanglan.every_minutes) == ("D01", 10.0, 60)
    assert wanglan.config["selector"] == "ul.news_list > li"


def test_every_code_is_explained_once_and_none_is_invented() -> None:
    rows = [line.split("|")[1] for line in PAGE.split("\n") if line.startswith("| ")]
    explained = [code for row in rows for code in CODE.findall(row)]
    assert sorted(explained) == sorted(set(explained))
    assert set(explained) == codes_in_use()


def codes_in_use() -> set[str]:
    """Codes in the string constants of collector/, docstrings aside; details may follow after a colon."""
    found: set[str] = set()
    for file in (ROOT / "collector").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = re.match(rf"({CODE.pattern})(?:$|: )", node.value)
                if match and "\n" not in node.value:
                    found.add(match[1])
    return found
