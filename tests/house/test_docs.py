"""The documents keep to the program: commands parse, links lead somewhere, codes and settings exist, examples load."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from api.cli import commands
from storage.database import Database
from storage.migrate import upgrade
from storage.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*DOCS, ROOT / "README.md", ROOT / "README.zh-CN.md"]
ROOMS = ("storage", "nlp", "collector", "dossier", "appraisal", "api")
SOURCE = "\n".join(file.read_text(encoding="utf-8") for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))
# codes are written NAME-PART in capitals; these look alike and are none
NO_CODES = {"YYYY-MM-DD"}
PROGRAM = re.compile(r"(?:\S*/)?shiji")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(text: str, *languages: str) -> list[str]:
    """Fenced blocks of these languages."""
    return [body for language, body in re.findall(r"^```(\w*)\n(.*?)^```", text, re.S | re.M) if language in languages]


def calls(text: str) -> list[str]:
    """Calls of the program in shell blocks, and those that stand inside a sentence."""
    lines = [line.removeprefix("$ ") for block in blocks(text, "sh", "console") for line in block.splitlines()]
    lines += re.findall(r"`(\.venv/bin/shiji [^`]+)`", text)
    found = []
    for line in lines:
        for part in re.split(r"&&|\|", line):
            words = part.split()
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                words.pop(0)
            if words and PROGRAM.fullmatch(words[0]):
                found.append(" ".join(words))
    return found


def parse(call: str) -> None:
    """Take a call apart as the program would, running nothing; raises click's UsageError where it would refuse."""
    _, *words = shlex.split(call, comments=True)
    command = typer.main.get_command(commands)
    parent = None
    while True:
        context = command.make_context(command.name or "shiji", words, parent=parent)
        if not hasattr(command, "resolve_command"):
            return
        rest = [*context._protected_args, *context.args]
        if not rest:
            return
        _, command, words = command.resolve_command(context, rest)
        parent = context


CALLS = [(name(page), call) for page in PAGES for call in calls(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "call"), CALLS)
def test_every_command_parses(page: str, call: str) -> None:
    parse(call)


def test_commands_are_found_and_wrong_ones_refused() -> None:
    assert len(CALLS) > 25
    assert calls("```sh\nA=1 /opt/x/shiji backup a.tar && true\nls\n```") == ["/opt/x/shiji backup a.tar"]
    for wrong in ("shiji bakup a.tar", "shiji backup", "shiji backup a.tar --fast", "shiji user add a --role OFF"):
        with pytest.raises(Exception, match=r"No such|Missing|no such|missing"):
            parse(wrong)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M)
            assert anchor in {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}, target


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_every_error_code_exists_in_the_code(page: Path) -> None:
    found = re.findall(r"(?<![\w/.-])[A-Z]{3,}(?:-[A-Z]{2,})+(?![\w-])", page.read_text(encoding="utf-8"))
    codes = set(found) - NO_CODES
    for code in sorted(codes):
        # details may follow a code: "READ-OCR: 1,2"
        assert f'"{code}"' in SOURCE or f'"{code}: ' in SOURCE, f"{page.name}: {code}"


@pytest.mark.parametrize("page", DOCS, ids=name)
def test_every_setting_exists(page: Path) -> None:
    known = {f.metadata["variable"] for f in Settings.__dataclass_fields__.values()}
    for variable in set(re.findall(r"\bSHIJI_[A-Z_]+\b", page.read_text(encoding="utf-8"))):
        assert variable in known or variable.startswith("SHIJI_TEST_"), f"{page.name}: {variable}"


def test_the_roster_of_the_install_guide_loads(tmp_path: Path) -> None:
    from dossier.roster_files import read_yaml

    (text,) = blocks((ROOT / "docs/install.md").read_text(encoding="utf-8"), "yaml")
    file = tmp_path / "roster.yaml"
    file.write_text(text, encoding="utf-8")
    data = read_yaml(file)
    assert [team.id for team in data.teams] == ["D01"]
    assert [zone.id for zone in data.zones] == ["Z1"]
    assert [tenure.name for tenure in data.tenures] == ["沈砚舟"]


def test_the_unit_starts_what_the_guide_installs() -> None:
    (unit,) = blocks((ROOT / "docs/install.md").read_text(encoding="utf-8"), "ini")
    values = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line)
    parse(values["ExecStart"])
    assert values["ExecStart"].startswith(values["WorkingDirectory"])
    assert values["KillSignal"] == "SIGINT"  # the stop that lets a visit end


def test_the_statement_for_documents_that_stick_runs(tmp_path: Path) -> None:
    from sqlalchemy import text

    (statement,) = blocks((ROOT / "docs/operating.md").read_text(encoding="utf-8"), "sql")
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    upgrade(database)
    with database.write() as session:
        session.execute(text(statement))
    database.close()


def test_roles_of_the_security_page_are_those_of_the_program() -> None:
    from api.access.accounts import ROLES

    rows = re.findall(r"^\| ([A-Z]{2,4}) \| (\S+) \|", (ROOT / "docs/security.md").read_text(encoding="utf-8"), re.M)
    assert dict(rows) == ROLES


def test_words_of_the_daily_page_stand_on_screen() -> None:
    """Menu entries, lanes and keys of docs/daily-use.md are those of the pages."""
    from api.pages.queue import KEYED
    from api.render import MENU
    from dossier.queue import LANES
    from dossier.terms import TOPICS

    page = (ROOT / "docs/daily-use.md").read_text(encoding="utf-8")
    for word in (*LANES.values(), *(title for _, title, roles in MENU if "OFF" in roles)):
        assert word in page, word
    keys, names = " ".join(f"`{key}`" for key, _ in KEYED), ", ".join(TOPICS[label] for _, label in KEYED)
    assert f"| {keys} | topic is {names} |" in page
    shown = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "api/templates").rglob("*.html"))
    said = "改正归属和干部 登记核查记录 提出核实结论 容错审查 更正或撤回 打印清单 校验并比对 确认写入"
    for word in said.split():
        assert word in page, word
        assert word in shown, word
