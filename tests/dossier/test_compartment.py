"""The restricted compartment: sealing, minimal fields, deadlines, readers, merge, statistics, formal acts, requests."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from daily_world import Daily, at
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from collector.statutory import is_statutory
from dossier.compartment import kinds, matters, register, requests, statistics, supervision
from dossier.compartment.kinds import DISCIPLINE, DUTIES, FAMILY, ILLNESS, MatterData
from dossier.compartment.opening import vault_for
from dossier.compartment.paper import form_content
from dossier.compartment.posts import is_main_leader
from dossier.compartment.wording import looks_like_diagnosis
from storage.errors import ShijiError
from storage.tables import Base, ImportantMatter, Tenure
from storage.vault import open_vault

DAY = date(2025, 9, 15)


def matter(kind: str = ILLNESS, cadre: str = "P025", team: str = "MA06", **changes: object) -> MatterData:
    values = {
        "fact": "因病住院，分管工作由主任代管。" if kind in (DUTIES, ILLNESS) else "", "effect": "暂不能履职",
        "signer": "某主任", "reporter": "某处长", "family_kind": "丧亲" if kind == FAMILY else "",
        "body": "市纪委监委" if kind == DISCIPLINE else "", "stage": "立案审查调查" if kind == DISCIPLINE else "",
    }  # fmt: skip
    return MatterData(kind, cadre, team, DAY, **{**values, **changes})  # type: ignore[arg-type]


def submitted(daily: Daily, data: MatterData, when: str = "2025-09-15 20:30", received: bool = True) -> ImportantMatter:
    session, who, vault = daily
    row = matters.submit(session, vault, who["sup"], data, at(when))
    if received:
        matters.receive(session, vault, who["sup"], row.id, at(when))
    return row


def test_nothing_of_a_matter_stands_open_in_the_database(daily: Daily) -> None:
    session, who, vault = daily
    row = submitted(daily, matter(measures="由主任王某代管"))
    matters.name_reader(session, vault, who["sup"], row.id, "min")
    matters.care(session, vault, who["min"], row.id, "关怀走访", DAY, "看望慰问")
    session.flush()
    for table in ("important_matter", "matter_act", "matter_reader"):
        dump = json.dumps([list(map(str, r)) for r in session.execute(text(f"SELECT * FROM {table}"))])
        for word in ("P025", "云亭山", "MA06", "交通", "住院", '2025-09-15"', "看望", "王某"):
            assert json.dumps(word)[1:-1] not in dump, (table, word)
    inside = ("important_matter", "matter_", "supervisory_act")
    refer = [
        (table.name, key.target_fullname)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname.startswith(inside) and not table.name.startswith(inside)
    ]
    assert refer == []


def test_the_key_is_a_file_of_its_own_and_never_made_anew_over_sealed_rows(daily: Daily, tmp_path: Path) -> None:
    session, _, vault = daily
    file = tmp_path / "keys" / "matters.key"
    assert file.stat().st_mode & 0o777 == 0o600
    submitted(daily, matter())
    assert vault_for(session, file).key_id == vault.key_id
    with pytest.raises(ShijiError, match="MATTER-KEY"):
        vault_for(session, tmp_path / "elsewhere.key")
    other = open_vault(tmp_path / "other.key", may_make=True)
    with pytest.raises(ShijiError, match="MATTER-KEY"):
        vault_for(session, tmp_path / "other.key")
    with pytest.raises(ShijiError, match="MATTER-KEY"):
        other.open("important_matter", session.scalars(select(ImportantMatter.sealed)).one())
    with pytest.raises(ShijiError, match="MATTER-KEY"):  # bound to its table
        vault.open("matter_act", session.scalars(select(ImportantMatter.sealed)).one())


DIAGNOSES = (
    "确诊胃癌早期", "患糖尿病多年", "脑梗后恢复", "诊断为 C16.9", "行冠脉支架植入", "急性阑尾炎", "重度抑郁",
    "肺部结 节CT复查",
)  # fmt: skip
EFFECTS = ("因病住院，暂不能履职，预计两个月。", "因身体原因住院休养", "病假期间由副主任代管", "夏季炎热，外出调研")
STATUTORY = ("领导干部个人有关事项报告表.docx", "2025年个人有关事项 报告", "个人事项报告（王伟）")
LEADERS = ["区委书记", "区委副书记、区长", "党组书记、局长", "管委会主任", "市委书记（泊湾）", "县委副书记、代县长"]
OTHERS = ["副局长", "区委副书记", "副县长（禾丰）", "党组副书记、副主任", "派驻纪检组长", "区长候选人"]


@pytest.mark.parametrize("words", DIAGNOSES)
def test_a_diagnosis_is_refused_with_advice_and_not_repeated(words: str) -> None:
    assert looks_like_diagnosis(words)
    with pytest.raises(ShijiError) as caught:
        kinds.check(matter(fact=f"该同志{words}，住院。"))
    assert caught.value.code == "MATTER-DIAGNOSIS"
    assert "预计两个月" in caught.value.action
    assert words not in caught.value.line()


@pytest.mark.parametrize("words", EFFECTS)
def test_the_effect_on_duties_may_be_said(words: str) -> None:
    kinds.check(matter(fact=words))


def test_a_field_of_work_is_no_diagnosis() -> None:
    kinds.check(matter(DUTIES, fact="新增分管肿瘤防治和肝炎防控工作，不再分管老龄工作。", effect="不影响"))
    with pytest.raises(ShijiError, match="MATTER-DIAGNOSIS"):
        kinds.check(matter(DUTIES, fact="因患胃癌不再分管财务。"))


def test_family_and_discipline_have_no_free_text() -> None:
    for kind in (FAMILY, DISCIPLINE):
        kinds.check(matter(kind))
        with pytest.raises(ShijiError, match="MATTER-FIELD"):
            kinds.check(matter(kind, fact="详情"))
    with pytest.raises(ShijiError, match="MATTER-FIELD"):
        kinds.check(matter(FAMILY, family_kind="离婚纠纷"))
    with pytest.raises(ShijiError, match="MATTER-FIELD"):
        kinds.check(matter(ILLNESS, body="市纪委监委"))


@pytest.mark.parametrize("title", STATUTORY)
def test_the_statutory_report_is_refused_by_title(title: str) -> None:
    assert is_statutory(title)
    with pytest.raises(ShijiError, match="MATTER-STATUTORY"):
        kinds.check(matter(), title)


def test_other_titles_are_taken() -> None:
    assert not is_statutory("关于班子成员分工调整的报告")
    assert not is_statutory("重要事项报告单")


@given(st.integers(0, 240), st.sampled_from(["", *kinds.URGENT]), st.sampled_from(["", "08:00", "23:30"]))
def test_lateness_is_what_lies_behind_the_deadline(hours: int, urgent: str, hour: str) -> None:
    data = matter(urgent=urgent, occurred_hour=hour)
    happened = kinds.occurred_at(data)
    limit = 3 if urgent else 24
    assert kinds.lateness(data, happened + timedelta(hours=hours)) == timedelta(hours=max(0, hours - limit))
    assert (kinds.lateness_text(kinds.lateness(data, happened + timedelta(hours=hours))) == "按时") == (hours <= limit)


def test_only_the_day_known_counts_from_its_end() -> None:
    assert kinds.lateness(matter(), at("2025-09-16 23:00")) == timedelta()
    assert kinds.lateness(matter(occurred_hour="20:00"), at("2025-09-16 23:00")) == timedelta(hours=3)
    assert kinds.lateness_text(timedelta(hours=30)) == "超过时限1天6小时"


def test_main_leaders() -> None:
    assert all(map(is_main_leader, LEADERS))
    assert not any(map(is_main_leader, OTHERS))


def test_a_report_about_the_main_leader_goes_past_him(daily: Daily) -> None:
    session, who, vault = daily
    about = matter(cadre="P002", team="D01")
    with pytest.raises(ShijiError, match="MATTER-BYPASS"):
        matters.submit(session, vault, who["unit"], about, at("2025-09-15 20:30"))
    direct = matter(cadre="P002", team="D01", channel=kinds.BY_DEPUTY)
    row = matters.submit(session, vault, who["unit"], direct, at("2025-09-15 20:30"))
    assert register.own(session, vault, who["unit"]) == []
    with pytest.raises(ShijiError, match="MATTER-UNKNOWN"):
        matters.correct(session, vault, who["unit"], row.id, direct, "改")
    named = matter(cadre="P002", team="D01", channel=kinds.BY_DEPUTY, signer="佟以宁")
    with pytest.raises(ShijiError, match="MATTER-BYPASS"):
        matters.submit(session, vault, who["unit"], named, at("2025-09-15 20:30"))


def test_receipt_is_given_without_reading_and_in_the_own_zone(daily: Daily) -> None:
    session, who, vault = daily
    row = submitted(daily, matter(), received=False)
    assert register.waiting(session, vault, who["off1"]) == []
    with pytest.raises(ShijiError, match="MATTER-UNKNOWN"):
        matters.receive(session, vault, who["off1"], row.id, at("2025-09-15 21:00"))
    [line] = register.waiting(session, vault, who["head"])
    assert set(line.__dict__) == {"id", "kind", "team", "reported"}
    matters.receive(session, vault, who["head"], row.id, at("2025-09-15 21:00"))
    assert row.receipt == "ZBSX-2025-0001"
    second = submitted(daily, matter(FAMILY))
    assert second.receipt == "ZBSX-2025-0002"


def test_named_readers_only(daily: Daily) -> None:
    session, who, vault = daily
    row = submitted(daily, matter())
    span = (date(2025, 7, 1), date(2025, 9, 30))
    for login in ("head", "min", "dep", "off1", "kh", "unit2"):
        assert register.register(session, vault, who[login], *span) == []
        with pytest.raises(ShijiError, match="MATTER-UNKNOWN"):
            register.matter_file(session, vault, who[login], row.id)
        assert register.count_for_brief(session, vault, who[login], "P025", DAY) == 0
    reader = matters.name_reader(session, vault, who["sup"], row.id, "min")
    [line] = register.register(session, vault, who["min"], *span)
    assert (line.team, line.cadre, line.lateness) == ("市交通局", "云亭山", "按时")
    assert register.count_for_brief(session, vault, who["min"], "P025", DAY) == 1
    assert register.count_for_brief(session, vault, who["min"], "P024", DAY) == 0
    with pytest.raises(ShijiError, match="MATTER-READER"):
        matters.name_reader(session, vault, who["sup"], row.id, "off1")
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        matters.name_reader(session, vault, who["min"], row.id, "dep")
    matters.end_reader(session, vault, who["sup"], reader.id)
    assert register.register(session, vault, who["min"], *span) == []


def test_twice_reported_is_two_reports_and_one_matter(daily: Daily) -> None:
    session, who, vault = daily
    first, second = submitted(daily, matter()), submitted(daily, matter(), "2025-09-16 09:00")
    other = submitted(daily, matter(cadre="P024", team="MA03"))
    with pytest.raises(ShijiError, match="MATTER-MERGE"):
        matters.merge(session, vault, who["sup"], other.id, first.receipt or "")
    matters.merge(session, vault, who["sup"], second.id, first.receipt or "")
    assert register.count_for_brief(session, vault, who["sup"], "P025", DAY) == 1
    [quarter] = statistics.statistics(session, who["sup"])
    assert (quarter.quarter, quarter.total, quarter.matters) == ("2025Q3", "3", "2")
    file = register.matter_file(session, vault, who["sup"], first.id)
    assert file.joined == [second.receipt]


def test_correction_keeps_the_words_before_sealed(daily: Daily) -> None:
    session, who, vault = daily
    row = submitted(daily, matter())
    matters.correct(session, vault, who["sup"], row.id, matter(effect="部分影响"), "单位来函更正")
    file = register.matter_file(session, vault, who["sup"], row.id)
    assert file.data.effect == "部分影响"
    assert any(act.kind == "更正" and "单位来函更正" in act.text for act in file.acts)


def test_closing_starts_the_year_of_health_and_family(daily: Daily) -> None:
    session, who, vault = daily
    row = submitted(daily, matter())
    matters.close(session, vault, who["sup"], row.id, date(2025, 10, 10))
    [line] = register.register(session, vault, who["sup"], DAY, DAY)
    assert line.destroy_from == date(2026, 10, 10)
    assert register.due_for_destruction([line], date(2026, 10, 9)) == []
    assert register.due_for_destruction([line], date(2026, 10, 10)) == [line]


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_no_closed_cell_follows_from_what_is_shown(numbers: list[int]) -> None:
    cells, total = statistics.suppress(numbers)
    assert all((cell == statistics.CLOSED_CELL) == (n < 3) for cell, n in zip(cells, numbers, strict=True))
    closed = [n for n in numbers if n < 3]
    if total != statistics.HIDDEN_TOTAL and closed:
        rest = int(total) - sum(n for n in numbers if n >= 3)
        ways = [combination for combination in _sums(len(closed)) if sum(combination) == rest]
        assert all(len({way[i] for way in ways}) > 1 for i in range(len(closed)))


def _sums(count: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for _ in range(count):
        found = [(*before, n) for before in found for n in range(3)]
    return found


def test_outside_the_compartment_small_cells_are_closed(daily: Daily) -> None:
    session, who, _ = daily
    submitted(daily, matter())
    for _n in range(3):
        submitted(daily, matter(FAMILY))
    [shown] = statistics.statistics(session, who["kh"])
    assert shown.cells == ("少于3", "少于3", "3", "少于3")
    assert shown.matters == "—"
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        statistics.statistics(session, who["off1"])


def test_the_form_has_the_boxes_of_the_guide_and_no_diagnosis(daily: Daily) -> None:
    session, who, vault = daily
    row = submitted(daily, matter())
    content = form_content(register.matter_file(session, vault, who["sup"], row.id), "中共澜宁市委组织部", DAY)
    labels = [label for label, _ in content.form]
    assert labels == [
        "单位", "报告事项类别", "涉及干部", "发生时间", "报告时间", "基本情况", "对履职影响", "单位拟采取的措施",
        "报告人、报告渠道", "单位主要负责人签字", "组织部接收回执编号",
    ]  # fmt: skip
    assert dict(content.form)["组织部接收回执编号"] == "ZBSX-2025-0001"
    assert content.restricted


def act(kind: str, on: date = date(2025, 4, 10)) -> supervision.ActData:
    return supervision.ActData(
        kind, "P024", "MA03", "书面", "有关工作推进不力", "市委组织部部长", "澜组监〔2025〕3号", on
    )


def test_formal_acts_have_their_clocks_and_one_keeper(daily: Daily) -> None:
    session, who, vault = daily
    rows = {kind: supervision.enter(session, vault, who["sup"], act(kind)) for kind in supervision.KINDS}
    # 2025-04-10 is a Thursday; 1 to 5 May are off, 27 April is worked
    assert (rows["提醒"].reply_due, rows["提醒"].report_due) == (None, date(2025, 10, 10))
    assert (rows["函询"].reply_due, rows["函询"].report_due) == (date(2025, 4, 30), None)
    assert (rows["诫勉"].reply_due, rows["诫勉"].report_due) == (date(2025, 4, 17), date(2025, 10, 10))
    assert [r.number for r in rows.values()] == ["JD-2025-0001", "JD-2025-0002", "JD-2025-0003"]
    for login in ("head", "min", "dep", "kh", "off1", "unit"):
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            supervision.supervision_register(session, vault, who[login], DAY)
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            supervision.enter(session, vault, who[login], act("提醒"))
    lines = {line.kind: line for line in supervision.supervision_register(session, vault, who["sup"], DAY)}
    assert lines["诫勉"].overdue
    assert not lines["提醒"].overdue


def test_an_inquiry_may_be_repeated_only_when_it_was_not_answered_clearly(daily: Daily) -> None:
    session, who, vault = daily
    first = supervision.enter(session, vault, who["sup"], act("函询"))
    with pytest.raises(ShijiError, match="SUPERVISION-FIELD"):
        supervision.enter(session, vault, who["sup"], act("函询"), first.id)
    supervision.replied(session, who["sup"], first.id, date(2025, 4, 28), "需再次函询")
    again = supervision.enter(session, vault, who["sup"], act("函询", date(2025, 5, 8)), first.id)
    assert again.previous_id == first.id
    with pytest.raises(ShijiError, match="SUPERVISION-FIELD"):
        supervision.reported(session, who["sup"], again.id, DAY)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_six_months_end_in_the_sixth_month_after(day: date) -> None:
    end = supervision.months_after(day, 6)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == 6
    assert end.day <= day.day


def test_a_request_is_seen_by_two_and_answered_in_five_working_days(daily: Daily) -> None:
    session, who, vault = daily
    row = requests.ask(session, vault, who["off1"], "P002", "min", "关于分工和长期驻外的个人想法", date(2025, 9, 29))
    assert row.answer_due == date(2025, 10, 13)  # 1 to 8 October are off, Saturday 11 October is worked
    assert "长期驻外" not in row.sealed
    assert len(requests.requests_for(session, vault, who["min"], DAY)) == 1
    assert len(requests.requests_for(session, vault, who["off1"], DAY)) == 1
    for login in ("off1b", "head1", "head", "dep", "sup", "kh", "unit"):
        assert requests.requests_for(session, vault, who[login], DAY) == []
        with pytest.raises(ShijiError, match="TALK-REQUEST-UNKNOWN"):
            requests.get_request(session, who[login], row.id)
    with pytest.raises(ShijiError, match="TALK-CONSENT"):
        requests.tell_unit(session, vault, who["off1"], row.id)
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        requests.answer(session, vault, who["off1"], row.id, "accepted", "", date(2025, 10, 9))
    requests.answer(session, vault, who["min"], row.id, "accepted", "下周面谈", date(2025, 10, 9))
    requests.consent_given(session, vault, who["off1"], row.id)
    assert requests.tell_unit(session, vault, who["off1"], row.id).unit_told
    [line] = requests.requests_for(session, vault, who["min"], date(2025, 12, 1))
    assert (line.state, line.answer, line.overdue) == ("同意面谈", "下周面谈", False)


def test_the_roster_has_the_posts_the_tests_speak_of(daily: Daily) -> None:
    session, *_ = daily
    assert session.scalar(select(Tenure.id).where(Tenure.cadre_id == "P025")) is not None
