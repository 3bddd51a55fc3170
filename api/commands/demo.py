"""The demo city: set up once, then run with its press sites, web server and scheduler in one process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import bar, say

if TYPE_CHECKING:
    from api.system import System
    from demo.press import Press
    from storage.settings import Settings

demo = typer.Typer(no_args_is_help=False, help="The fictional demo city 澜宁市.", invoke_without_command=True)
DEFAULTS = {"SHIJI_DATA": "var/demo", "SHIJI_DEMO": "1", "SHIJI_TODAY": "2025-10-16"}
TABLES = (
    "gdp_2021_2024.xlsx", "fiscal_revenue_2021_2024.xlsx", "fixed_investment_2021_2024.xlsx",
    "new_projects_2021_2024.xlsx", "industry_growth_2023_2024.xlsx", "retail_sales_2021_2024.xlsx",
    "urban_income_growth_2023_2024.xlsx", "air_quality_2023_2024.xlsx", "hotline_2023_2024.xlsx",
    "service_share_2023_2024.xlsx",
)  # fmt: skip


@demo.callback()
def prepare(context: typer.Context) -> None:
    """Set up the demo city in SHIJI_DATA (default var/demo): roster, sources, accounts, indicators, reports."""
    if context.invoked_subcommand is None:
        from api.system import System

        system = System(demo_settings())
        set_up(system)
        system.close()


@demo.command("run")
def run(
    port: Annotated[int, typer.Option(help="Port of the web server; default SHIJI_PORT.")] = 0,
) -> None:
    """Set up where needed, then serve the demo until Ctrl-C: press sites, web pages, scheduler."""
    from api.access.demo_accounts import ACCOUNTS, DEMO_PASSWORD
    from api.commands.serving import logs
    from api.serve import serve
    from api.system import System

    press = open_press(registered_ports())
    try:
        system = System(demo_settings(press.allow_private))
        if set_up(system, press.ports):
            first_round(system, press)
        address = (system.settings.host, port or system.settings.port)
        say(f"\n演示城市：澜宁市（虚构）　今天：{system.settings.today()}")
        say(f"网址：http://{address[0]}:{address[1]}　口令均为：{DEMO_PASSWORD}")
        for login, name, role, section, zones in ACCOUNTS:
            say(f"  {login:6} {role:4} {'、'.join(zones) or '—'}  {name}  {section}")
        say("按 Ctrl-C 停止。\n")
        logs()
        serve(system, *address)
        system.close()
    finally:
        press.stop()


def demo_settings(allow_private: str = "") -> Settings:
    """Settings of the demo: its own data folder and fixed day, unless the environment says otherwise."""
    from storage.settings import load_settings

    defaults = {**DEFAULTS, "SHIJI_ALLOW_PRIVATE": allow_private or "127.0.0.1:8101,127.0.0.1:8102,127.0.0.1:8103"}
    return load_settings({**defaults, **{k: v for k, v in os.environ.items() if k.startswith("SHIJI_") and v}})


def open_press(ports: dict[str, int] | None = None) -> Press:
    """The press sites on `ports` of an earlier run, else on their own ports, or on free ones where those are taken.

    Ports of an earlier run are kept: on other ports every article would come in again as a reprint of itself.
    """
    from demo.press import PORTS, start_press

    try:
        return start_press(ports)
    except OSError as bad:
        if ports:
            raise typer.BadParameter(
                f"演示新闻网站的端口被占用：{'、'.join(str(port) for port in ports.values())}。"
                "请先停止占用端口的程序（可能是另一个演示），或另设 SHIJI_DATA。"
            ) from bad
        return start_press(dict.fromkeys(PORTS, 0))


def registered_ports() -> dict[str, int] | None:
    """Ports of the press sites as an earlier run registered them; None in an empty installation."""
    from urllib.parse import urlsplit

    from sqlalchemy import select

    from api.system import System
    from demo.press import PORTS, demo_sources
    from storage.tables import Source

    system = System(demo_settings())
    system.settings.data.mkdir(parents=True, exist_ok=True)
    with system.database.read() as session:
        ports = {key: urlsplit(url).port for key, url in session.execute(select(Source.id, Source.url)).all()}
    system.close()
    sites = {port: name for name, port in PORTS.items()}
    found: dict[str, int] = {}
    for source in demo_sources()["sources"]:
        site, port = sites.get(urlsplit(source.get("url", "")).port or 0), ports.get(source["id"])
        if site and port:
            found[site] = port
    return found if found.keys() == PORTS.keys() else None


def first_round(system: System, press: Press) -> None:
    """Collect and understand everything once, then let the demo's officers decide on all but the last month."""

    from api.access.demo_accounts import DECIDERS
    from api.acts.product_builders import builder_of
    from collector.once import collect_once
    from collector.registry import visited_sources
    from demo.annual import assess_demo
    from demo.daily import fill_batches
    from demo.doubtful import bring_doubtful
    from demo.hearing import fill_hearing
    from demo.history import Officers, decide_history
    from demo.products import fill_products
    from demo.results import use_results
    from dossier.search.worker import index_pending
    from storage.tables import Run

    with system.database.read() as session:
        total = len(visited_sources(session))
    collecting, done = bar("Collecting"), [0]

    def collected(_run: Run) -> None:
        done[0] += 1
        collecting(done[0], total)

    collect_once(system.database, system.archive, system.settings, collected)
    bring_doubtful(system.database, system.archive, f"http://127.0.0.1:{press.ports['lanfa']}")
    system.intake.run(bar("Understanding"))
    officers = {zone: Officers(*logins) for zone, logins in DECIDERS.items()}
    today = system.settings.today()
    decide_history(system.database, press.addresses(), officers, today, bar("Past decisions"))
    fill_batches(system.database, today)
    assess_demo(system.database, officers, today)
    fill_hearing(system.database, officers, today)
    use_results(system.database, officers, today)
    fill_products(system.database, system.archive, today, builder_of)
    index_pending(system.database, system.index)


def set_up(system: System, ports: dict[str, int] | None = None) -> bool:
    """Fill an installation with the demo city; what is there already stays. True when it was empty."""
    import demo as city
    from api.access import demo_accounts
    from api.acts.roster_import import confirm
    from api.commands.data import import_figures, register
    from demo.assessment import fill_assessment
    from demo.daily import fill_daily
    from demo.history import Officers
    from demo.press import demo_sources
    from demo.tasks import fill_runs, fill_tasks
    from storage.tables import Team

    home = Path(city.__file__).parent
    system.settings.data.mkdir(parents=True, exist_ok=True)
    with system.database.read() as session:
        fresh = session.get(Team, "D01") is None
    if fresh:
        confirm(system, None, "roster.yaml", (home / "roster.yaml").read_bytes())
    register(system, demo_sources(ports), "sources.yaml")
    with system.database.write() as session:
        demo_accounts.create(session)
    if not fresh:
        say(f"{system.settings.data}: the demo city is already set up")
        return False
    for name in ("book.yaml", *TABLES):
        import_figures(system, home / "indicators" / name)
    officers = {zone: Officers(*logins) for zone, logins in demo_accounts.DECIDERS.items()}
    fill_tasks(system.database, officers, system.settings.today())
    fill_assessment(system.database)
    fill_runs(system.database)
    fill_daily(system.database, system.settings.matter_key, system.settings.today())
    copied = _fill_inbox(home / "reports", system.settings.inbox)
    say(f"{copied} reports put into {system.settings.inbox}")
    return True


def _fill_inbox(reports: Path, inbox: Path) -> int:
    count = 0
    for file in sorted(reports.rglob("*")):
        if file.is_file():
            target = inbox / file.relative_to(reports)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            count += 1
    return count
