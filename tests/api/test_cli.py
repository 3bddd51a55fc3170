"""The command line: the batch contract line by line, and commands on an installation of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.access.demo_accounts import ACCOUNTS
from api.cli import app, commands
from api.commands.lines import read_lines
from collector.schedule import hold_lock

ROOT = Path(__file__).parents[2]
ROSTER = ROOT / "demo" / "roster.yaml"
NEWS = "10月9日，石岭县一处在建工地发生坍塌，县长燕归鸿赶赴现场指挥救援。"


@pytest.fixture
def installation(databases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHIJI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SHIJI_DATABASE", databases.new(tmp_path / "data"))
    monkeypatch.setenv("SHIJI_TODAY", "2025-10-16")
    return tmp_path


def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(commands, list(arguments), input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_classify_keeps_order_and_goes_on_after_bad_lines(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    good = json.dumps({"id": "a", "text": "青棠区推行“一楼一策”工作法改造老旧小区。"}, ensure_ascii=False)
    half = '{"id": "h", "text": "县政府被责令整改\\ud800"}'
    given.write_text("\ufeff" + "\n".join([good, "", "not json", '{"id": 7}', "[1]", half]), encoding="utf-8")
    code, out, _ = run("classify", str(given))
    answers = lines(out)
    assert code == 0
    assert [a["id"] for a in answers] == ["a", None, 7, None, "h"]
    assert [a.get("error", {}).get("code") for a in answers] == [None, "LINE-JSON", "LINE-FIELD", "LINE-FORM", None]
    assert set(answers[0]) == {"id", "label", "also", "sub_type", "confidence", "probabilities", "because"}
    assert answers[0]["label"] == "practice"
    assert sum(answers[0]["probabilities"].values()) == pytest.approx(1, abs=0.01)


def test_analyse_attributes_and_reports_bad_dates(tmp_path: Path) -> None:
    given = "\n".join(
        json.dumps(row, ensure_ascii=False)
        for row in (
            {"id": 1, "title": "石岭县通报", "text": NEWS, "published_at": "2025-10-10", "source": "澜宁日报"},
            {"id": 2, "title": "", "text": NEWS, "published_at": "某日", "source": ""},
            {"id": 3, "text": ""},
        )
    )
    code, out, _ = run("analyse", "--roster", str(ROSTER), given=given)
    first, second, third = lines(out)
    assert code == 0
    passage = first["passages"][0]
    assert set(passage) == {
        "start", "end", "label", "also", "sub_type", "confidence", "teams", "cadres", "event_date",
        "event_date_source", "event_date_precision", "metrics", "speech",
    }  # fmt: skip
    assert NEWS[passage["start"] : passage["end"]] == NEWS
    assert [team["id"] for team in passage["teams"]] == ["D09"]
    assert [cadre["id"] for cadre in passage["cadres"]] == ["P020"]
    assert set(passage["cadres"][0]) == {"id", "role", "confidence", "because"}
    assert passage["event_date"] == "2025-10-09"
    assert second["error"]["code"] == "NLP-A02"
    assert third == {"id": 3, "passages": []}


def test_duplicates_name_the_first_of_each_text() -> None:
    text = (
        "青棠区推行老旧小区改造一楼一策工作法，首批十二个小区已经开工，居民参与方案讨论，改造清单逐户公示。"
        "区住建部门为每栋楼确定一名联络员，施工时间避开早晚高峰，材料进场先由居民代表验看。"
    )
    added = "改造完成后由街道组织回访，问题逐条销号。物业企业参与后续管理，收费标准张榜公布。"
    other = "泊湾市港口集装箱码头二期工程通过验收，年吞吐能力提高到八十万标箱，配套铁路专用线同步建成通车。"
    rows = [("a", text), ("b", text), ("c", other), ("d", text + added)]
    given = "\n".join(json.dumps({"id": i, "title": "", "text": t}, ensure_ascii=False) for i, t in rows)
    _, out, _ = run("duplicates", given=given + "\nbad")
    found = [(a["id"], a.get("cluster"), a.get("relation")) for a in lines(out)]
    assert found[:3] == [("a", "a", "first"), ("b", "a", "exact"), ("c", "c", "first")]
    assert found[3][1:] == ("a", "edited")
    assert found[4] == (None, None, None)


def test_extract_reads_pages_and_names_missing_ones(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    body = "<p>青棠区推行老旧小区改造，首批十二个小区开工。</p>" * 6
    page.write_bytes(
        f"<html><head><meta charset=gbk><title>青棠区改造老旧小区</title></head><body><h1>青棠区改造老旧小区</h1>"
        f"<div>2025-10-14 08:30 来源：澜宁日报</div>{body}<a href='/x.html'>图</a></body></html>".encode("gbk")
    )
    code, out, _ = run("extract", str(page), str(tmp_path / "none.html"), "--base-url", "http://a.example/")
    first, second = lines(out)
    assert code == 0
    assert set(first) == {
        "path", "title", "author", "editor", "source", "published_at", "text", "links", "confidence",
    }  # fmt: skip
    assert (first["title"], first["source"]) == ("青棠区改造老旧小区", "澜宁日报")
    assert first["published_at"] == "2025-10-14T08:30+08:00"
    assert second["error"]["code"] == "FILE-OPEN"


def test_read_gives_tables_and_coded_errors(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("县区,数值\n望澜区,1", encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(b"\x00broken")
    code, out, _ = run("read", str(tmp_path / "a.csv"), str(tmp_path / "b.docx"))
    first, second = lines(out)
    assert code == 0
    assert set(first) == {"path", "title", "text", "tables", "pages", "confidence"}
    assert ["望澜区", "1"] in first["tables"][0]
    assert second["error"]["code"].startswith("READ-")


def test_large_input_streams(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f'{{"id": {n}, "text": "望澜区"}}\n' for n in range(5)), encoding="utf-8")
    reading = read_lines(str(file))
    assert next(reading).id == 0  # nothing is collected first


def test_a_missing_file_is_a_wrong_call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["shiji", "classify", "/nowhere.jsonl"])
    with pytest.raises(SystemExit) as ended:
        app()
    assert ended.value.code == 1
    assert "[FILE-OPEN]" in capsys.readouterr().err


def test_help_needs_no_heavy_room() -> None:
    code = (
        "import sys; from api.cli import commands; "
        "print([m for m in ('sqlalchemy','fastapi','numpy','tantivy','lxml','sklearn') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_an_installation_from_nothing(databases: Any, installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("migrate")[0] == 0
    code, out, _ = run("roster", "import", str(ROSTER), given="n\n")
    assert code == 0
    assert "Written." not in out
    assert "Written." in run("roster", "import", str(ROSTER), "--yes")[1]
    assert "0 changes" in run("roster", "import", str(ROSTER), "--yes")[1]
    assert "9 sources registered" in run("sources", "import", str(ROOT / "demo" / "sources.yaml"))[1]
    out = run("indicators", "import", *map(str, [ROOT / "demo/indicators/book.yaml",
                                                 ROOT / "demo/indicators/gdp_2021_2024.xlsx"]))[1]  # fmt: skip
    assert "36 indicators" in out
    assert "40 figures read, 40 written" in out
    given = "Lanning-2025-x\n"
    run("user", "add", "off9", "--name", "乔一诺", "--role", "OFF", "--zones", "Z1,Z2", "--password-stdin", given=given)
    run("user", "disable", "off9")
    assert "off9\t乔一诺\tOFF\tZ1,Z2\tdisabled" in run("user", "list")[1]
    assert "chain whole" in run("audit", "verify")[1]
    assert "0 passages indexed" in run("reindex")[1]
    copy = installation / "copy.tar"
    run("backup", str(copy))
    assert tarfile.is_tarfile(copy)
    monkeypatch.setenv("SHIJI_DATA", str(installation / "second"))
    monkeypatch.setenv("SHIJI_DATABASE", databases.new(installation / "second"))
    assert "rows" in run("restore", str(copy))[1]
    assert "off9" in run("user", "list")[1]


def test_search_is_scoped_and_recorded(installation: Path) -> None:
    run("roster", "import", str(ROSTER), "--yes")
    run("reindex")
    assert run("search", "青棠", "--json")[1] == ""
    with pytest.raises(Exception, match="USER-UNKNOWN"):
        run("search", "青棠", "--as", "nobody")
    assert "chain whole" in run("audit", "verify")[1]


def test_evaluate_prints_its_figures(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    rows = [("望澜区荣获全省营商环境创新奖。", "highlight"), ("县政府被责令限期整改。", "problem")]
    gold.write_text("".join(json.dumps({"text": t, "label": x}) + "\n" for t, x in rows), encoding="utf-8")
    out = run("evaluate", str(gold))[1]
    assert "2 passages, accuracy" in out
    assert "macro F1" in out


def test_demo_set_up_can_be_repeated(installation: Path) -> None:
    out = run("demo")[1]
    assert "reports put into" in out
    assert list((installation / "data" / "inbox").rglob("*.docx"))
    assert "already set up" in run("demo")[1]
    assert len(run("user", "list")[1].splitlines()) == len(ACCOUNTS)


@pytest.mark.parametrize(("role", "command"), [("scheduler", "collect"), ("worker", "work"), ("worker", "collect")])
def test_one_process_of_each_role_works_at_a_time(installation: Path, role: str, command: str) -> None:
    with hold_lock(installation / "data", role), pytest.raises(Exception, match=f"{role.upper()}-LOCKED"):
        run(command)


def test_broken_pipe_ends_quietly() -> None:
    text = json.dumps({"id": 1, "text": "望澜区"}) + "\n"
    ended = subprocess.run(
        f"{sys.executable} -m api.cli duplicates | true", shell=True, input=text * 2000, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in ended.stderr
