"""文稿中心 over HTTP: draft, edit, check, sign, copies, recalls, each with its rights and audit entry."""

from __future__ import annotations

import hashlib
import io
import re

from docx import Document as open_word
from sqlalchemy import select
from typer.testing import CliRunner
from web_world import World

from api.acts.product_builders import builder_of
from api.cli import commands
from demo.products import fill_products
from dossier import review, terms, verify
from dossier.scope import viewer_of
from storage.tables import AuditEntry, Product, User

WEEK = {"kind": "weekly", "period": "2025-W42"}
NOT_FOUND, REFUSED, WRONG = 404, 403, 422


def accept(world: World, *keys: str, login: str = "off1") -> None:
    with world.system.database.write() as session:
        officer = viewer_of(session, session.scalars(select(User).where(User.login == login)).one())
        for key in keys:
            review.accept(session, officer, world.items[key])


def draft(world: World) -> int:
    accept(world, "award", "park")
    answer = world.client("off1").post("/products", data=WEEK)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def acts(world: World) -> list[str]:
    with world.system.database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "product").order_by(AuditEntry.id))
        return [row.action for row in rows]


def issue(world: World, number: int) -> None:
    version = world.client("off1").get(f"/api/products/{number}").json()["version"]
    assert world.client("off1").post(f"/api/products/{number}/submit?version={version}").status_code == 200
    for login in ("head1", "dep"):
        answer = world.client(login).post(f"/api/products/{number}/decide", json={"agree": True})
        assert answer.status_code == 200, answer.text


def test_from_draft_to_numbered_paper_on_pages(world: World) -> None:
    number = draft(world)
    client = world.client("off1")
    page = client.get(f"/products/{number}").text
    assert "舆论信息动态周报" in page
    assert f'<a href="/items/{world.items["award"]}">' in page
    form = client.get(f"/products/{number}/edit?part=0&at=0").text
    assert "格式用语或系统统计" in form
    code = re.findall(r'name="codes" value="(E-[0-9-]+)"', form)[0]
    data = {"part": 0, "at": 9, "version": 1, "text": "望澜区获奖", "codes": [code], "more": "", "add": "1"}
    assert client.post(f"/products/{number}/sentence", data=data).status_code == 303
    assert client.post(f"/products/{number}/sentence", data=data).status_code == 409
    bare = {"part": 0, "at": 0, "version": 2, "text": "形势一片大好"}
    assert client.post(f"/products/{number}/sentence", data=bare).status_code == 303
    assert "送审前须处理 1 处" in client.get(f"/products/{number}").text
    assert client.post(f"/products/{number}/submit", data={"version": 3}).status_code == WRONG
    assert (
        client.post(f"/products/{number}/move", data={"part": 0, "at": 0, "version": 3, "act": "drop"}).status_code
        == 303
    )
    to = {"name": "分管副部长", "role": "DEP"}
    assert client.post(f"/products/{number}/recipients", data=to).status_code == 303
    assert client.post(f"/products/{number}/submit", data={"version": 4}).status_code == 303
    head, deputy = world.client("head1"), world.client("dep")
    assert "待我办理" in head.get("/products").text
    assert head.post(f"/products/{number}/decide", data={"version": 4, "outcome": "agree"}).status_code == 303
    assert deputy.post(f"/products/{number}/decide", data={"version": 4, "outcome": "agree"}).status_code == 303
    page = client.get(f"/products/{number}").text
    assert "第1期" in page
    assert "修改</a>" not in page
    files = [client.post(f"/products/{number}/copies/1.docx") for _ in range(2)]
    heads = [open_word(io.BytesIO(f.content)).sections[0].header.paragraphs[0].text for f in files]
    assert "打印" not in heads[0]
    assert "第2次打印" in heads[1]
    assert "第1次" in client.get(f"/products/{number}").text
    with world.system.database.read() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).first()
    assert row is not None
    assert row.detail["sha256"] == hashlib.sha256(files[0].content).hexdigest()
    assert acts(world) == ["product-draft", "product-edit", "product-edit", "product-edit", "product-recipients",
                           "product-submit", "product-check", "product-sign", "export", "export"]  # fmt: skip


def test_json_says_what_the_page_says(world: World) -> None:
    accept(world, "award", "park")
    client = world.client("off1")
    made = client.post("/api/products", json=WEEK)
    assert made.status_code == 201, made.text
    body = made.json()
    assert client.get(f"/api/products/{body['id']}").json() == body
    assert [row["id"] for row in client.get("/api/products?kind=weekly").json()] == [body["id"]]
    place = {"part": 0, "at": 0, "version": 1}
    worded = client.put(
        f"/api/products/{body['id']}/sentences", json={**place, "text": "没有根据", "unsupported": True}
    )
    assert worded.json()["version"] == 2
    moved = client.post(
        f"/api/products/{body['id']}/sentences/move", json={**place, "version": 2, "to_part": 0, "to_at": 2}
    )
    assert moved.status_code == 200
    said = client.get(f"/api/products/{body['id']}").json()["content"]["parts"][0]["sentences"]
    assert [s["text"] for s in said][2] == "没有根据。"
    assert said[2]["unsupported"]


def test_roles_zones_and_csrf(world: World) -> None:
    number = draft(world)
    assert world.client("off3").get(f"/products/{number}").status_code == NOT_FOUND
    assert world.client("off1b").get(f"/api/products/{number}").status_code == NOT_FOUND  # a draft is its writer's
    for login in ("sys", "aud"):
        assert world.client(login).get("/products").status_code == REFUSED
    assert world.client("dep").post("/products", data=WEEK).status_code == WRONG
    client = world.client("off1")
    del client.headers["x-csrf-token"]
    assert client.post("/products", data=WEEK).status_code == REFUSED
    assert client.post(f"/products/{number}/copies/1.docx").status_code == REFUSED
    assert world.client("unit").get(f"/products/{number}").status_code == REFUSED
    assert "没有发给你单位的文稿" in world.client("unit").get("/products").text


def test_a_fallen_item_stands_on_desk_and_recall_list_with_its_holders(world: World) -> None:
    number = draft(world)
    to = [{"name": "部长", "role": "MIN"}]
    assert world.client("off1").put(f"/api/products/{number}/recipients", json=to).status_code == 200
    issue(world, number)
    assert "召回" not in world.client("off1").get("/").text
    with world.system.database.write() as session:
        head = viewer_of(session, session.scalars(select(User).where(User.login == "head1")).one())
        verify.withdraw(session, head, world.items["award"], terms.WITHDRAWN, "评选结果撤销")
    assert "已签发文稿引用的条目已不成立" in world.client("off1").get("/").text
    (found,) = world.client("off1").get("/api/products/recalls").json()
    assert [h["recipient"] for h in found["holders"]] == ["存档", "部长"]
    assert (found["printed"], found["state"]) == ("已采用", "已撤回")
    client = world.client("head1")
    assert "已撤回" in client.get("/products/recalls").text
    assert client.post(f"/api/products/{number}/copies/1.docx").status_code == WRONG
    done = {"item": world.items["award"], "action": "收回原件", "note": "已向部长说明并收回"}
    assert client.post(f"/products/{number}/recall", data=done).status_code == 303
    assert "已办理" in client.get("/products/recalls").text
    assert "召回" not in world.client("off1").get("/").text
    with world.system.database.read() as session:
        assert "评选" not in str(session.get_one(Product, number).content)


def test_a_brief_is_taken_over_for_editing_and_its_check_issues_it(world: World) -> None:
    accept(world, "accident")
    client = world.client("off1")
    form = {"cadre": "P020", "kind": "考核反馈", "interviewer": "阎澄舟"}
    brief = client.post("/briefs", data=form).headers["location"]
    taken = client.post(f"{brief}/product")
    assert taken.status_code == 303
    number = int(taken.headers["location"].rsplit("/", 1)[1])
    assert "谈话前情况简报" in client.get(taken.headers["location"]).text
    assert client.post(f"/api/products/{number}/submit").status_code == 200
    assert world.client("off1b").get(f"/products/{number}").status_code == NOT_FOUND
    done = world.client("head1").post(f"/api/products/{number}/decide", json={"agree": True}).json()
    assert (done["state"], done["number"]) == ("已签发", "TQ-2025-0001")
    assert "product-read" in acts(world)


def test_special_starts_from_an_item_code(world: World) -> None:
    accept(world, "award")
    code = world.item("award").code
    client = world.client("off1")
    made = client.post("/products", data={"kind": "special", "ref": code})
    assert made.status_code == 303, made.text
    assert "关于《望澜区荣获全省营商环境创新奖》所涉事项的专报" in client.get(made.headers["location"]).text
    assert client.post("/products", data={"kind": "special", "ref": "E-1"}).status_code == WRONG
    assert client.post("/products", data={"kind": "weekly", "period": "2025-W99"}).status_code == WRONG


def test_commands_draft_list_export_and_recall(world: World) -> None:
    accept(world, "award", "park")
    environment = {
        "SHIJI_DATA": str(world.system.settings.data), "SHIJI_DATABASE": world.system.database.url,
        "SHIJI_TODAY": "2025-10-16",
    }  # fmt: skip
    made = CliRunner().invoke(
        commands, ["product", "draft", "weekly", "--period", "2025-W42", "--as", "off1"], env=environment
    )
    assert made.exit_code == 0, made.output
    number = int(made.output.split("\t")[0])
    issue(world, number)
    listed = CliRunner().invoke(commands, ["product", "list", "--as", "off1"], env=environment)
    assert listed.output.startswith(f"{number}\tweekly\t第1期\t已签发")
    file = world.system.settings.data / "out.docx"
    written = CliRunner().invoke(
        commands, ["product", "export", str(number), "-o", str(file), "--as", "off1"], env=environment
    )
    assert written.exit_code == 0, written.output
    assert file.read_bytes()[:2] == b"PK"
    assert CliRunner().invoke(commands, ["product", "recalls", "--as", "off1"], env=environment).output == ""


def test_demo_papers_go_through_three_people_and_are_made_once(world: World) -> None:
    accept(world, "award", "park")
    today = world.system.settings.today()
    made = fill_products(world.system.database, world.system.archive, today, builder_of)
    assert fill_products(world.system.database, world.system.archive, today, builder_of) == 0
    with world.system.database.read() as session:
        rows = list(session.scalars(select(Product)))
    assert len(rows) == made
    done = [row for row in rows if row.state == "已签发"]
    assert len(done) >= 8
    assert all(len({row.drafted_by, row.checked_by, row.signed_by}) == 3 for row in done)
    assert {row.state for row in rows} == {"已签发", "待审核", "草稿"}
    assert [r.number_text for r in done if r.kind == "quarterly"] == ["第1期", "第2期", "第3期", "第4期"]
