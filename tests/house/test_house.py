"""The house: floors, compose file, locked versions, README examples, nothing of this machine in the tree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ("storage", "nlp", "collector", "dossier", "appraisal", "api", "demo")


def tracked(*suffixes: str) -> list[Path]:
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    return [
        ROOT / name for name in out if name and (not suffixes or name.endswith(suffixes)) and (ROOT / name).exists()
    ]


def test_imports_go_down_the_floors_only() -> None:
    done = subprocess.run([BIN / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_no_room_of_leftovers_and_no_long_file() -> None:
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            assert file.stem not in {"utils", "util", "helpers", "helper", "common", "manager", "misc"}, file
            if "versions" not in file.parts:
                assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, f"{file} is longer than one idea"


def test_nothing_of_this_machine_is_committed() -> None:
    if not tracked():
        pytest.skip("not a git checkout")
    own = re.compile(r"(?<![\w./])/(?:work|root|farm)/[\w.]")
    for file in tracked(".py", ".md", ".yml", ".yaml", ".toml", ".lock", ".html", ".txt", "Makefile", "run"):
        text = file.read_text(encoding="utf-8", errors="ignore")
        assert not own.search(text), file
        if file.suffix == ".lock":
            assert "://" not in text, f"{file} names a registry host"


def names_of(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {m[1].lower() for line in lines if (m := re.match(r"([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==", line))}


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", r)[0].lower().replace("_", "-") for r in requirements}


def test_versions_are_locked_with_hashes_and_torch_is_no_default() -> None:
    runtime, dev = names_of("requirements.lock"), names_of("requirements-dev.lock")
    extras = PROJECT["project"]["optional-dependencies"]
    assert wanted(PROJECT["project"]["dependencies"]) <= runtime
    assert wanted(extras["dev"] + extras["postgresql"] + extras["elasticsearch"]) <= dev
    assert not {"torch", "sentence-transformers", "transformers"} & (runtime | dev)
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") >= len(runtime)
    assert {"semantic", "elasticsearch", "postgresql", "ocr"} <= set(extras)


def test_compose_starts_the_outgrown_form() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert {"postgres", "elasticsearch", "app", "scheduler", "worker", "migrate"} <= set(services)
    for name in ("postgres", "elasticsearch", "app", "scheduler", "worker"):
        assert services[name]["healthcheck"]["test"], name
    search = services["elasticsearch"]["environment"]
    assert search["xpack.security.enabled"] == "true"
    assert search["xpack.security.http.ssl.enabled"] == "true"
    for service in services.values():
        for key, value in (service.get("environment") or {}).items():
            if "PASSWORD" in key:
                assert "${" in str(value), f"{key} has a default password"
        assert service.get("privileged") is not True
        for volume in service.get("volumes") or ():
            assert volume.split(":")[0] in compose["volumes"]
        for other in service.get("depends_on") or ():
            assert other in services
    assert services["scheduler"]["command"][:2] == ["shiji", "schedule"]
    assert "deploy" not in services["scheduler"]  # exactly one


def test_compose_commands_and_settings_exist() -> None:
    from storage.settings import Settings

    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    known = {f.metadata["variable"] for f in Settings.__dataclass_fields__.values()}
    for service in compose["services"].values():
        for key in service.get("environment") or {}:
            if key.startswith("SHIJI_"):
                assert key in known, key
        command = service.get("command") or []
        if command and command[0] == "shiji":
            shown = subprocess.run([BIN / "shiji", command[1], "--help"], capture_output=True, text=True, check=False)
            assert shown.returncode == 0, command
            for option in command[2:]:
                if option.startswith("--"):
                    assert option in shown.stdout, command


def console_examples(document: str) -> list[tuple[str, str]]:
    """(command, expected output) pairs of the ```console blocks."""
    text = (ROOT / document).read_text(encoding="utf-8")
    pairs = []
    for block in re.findall(r"```console\n(.*?)```", text, re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, expected = part.partition("\n")
            pairs.append((command, expected.strip()))
    return pairs


@pytest.mark.parametrize(("command", "expected"), console_examples("README.md"))
def test_readme_examples_do_what_they_show(command: str, expected: str) -> None:
    real = command.replace(".venv/bin/shiji", str(BIN / "shiji"))
    done = subprocess.run(["bash", "-c", real], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    pattern = ".*".join(re.escape(piece.strip()) for piece in re.split("…", expected))
    assert re.search(pattern, done.stdout, re.S), done.stdout
    json.loads(done.stdout.splitlines()[0])


def test_readme_links_lead_somewhere() -> None:
    for document in ("README.md", "README.zh-CN.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{document}: {target}"
