"""A demo that is started again keeps the addresses of its press sites, so that no article comes in twice."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import typer

import demo
from api.acts.roster_import import confirm
from api.commands.data import register
from api.commands.demo import demo_settings, open_press, registered_ports
from api.system import System
from demo.press import PORTS, demo_sources

ROSTER = Path(demo.__file__).parent / "roster.yaml"


def _free_ports() -> dict[str, int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [s.getsockname()[1] for s in held]
    for each in held:
        each.close()
    return dict(zip(PORTS, ports, strict=True))


def test_ports_of_the_first_run_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIJI_DATA", str(tmp_path))
    assert registered_ports() is None
    ports = _free_ports()
    system = System(demo_settings())
    confirm(system, None, "roster.yaml", ROSTER.read_bytes())
    register(system, demo_sources(ports), "sources.yaml")
    system.close()
    assert registered_ports() == ports
    press = open_press(registered_ports())
    assert press.ports == ports
    press.stop()


def test_a_taken_port_is_said_and_nothing_moves() -> None:
    ports = _free_ports()
    with socket.create_server(("127.0.0.1", ports["jbrb"])), pytest.raises(typer.BadParameter, match="端口被占用"):
        open_press(ports)
