"""分析研判: six boxes laid out with verified matter, people's words and pick, sign-off, report (§1.3, §4.4)."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document as read_word
from record_world import evidence, viewer
from sqlalchemy.orm import Session

from appraisal.annual.matrix import STATES
from appraisal.annual.snapshot import canonical, digest
from appraisal.review import acts
from appraisal.review.board import Board, board
from appraisal.review.boxes import BOXES
from appraisal.review.compare import answered, compare
from appraisal.review.quarter import Quarter, parse_quarter, quarters_until
from appraisal.review.report import from_dict, report_content
from appraisal.review.report_docx import report_docx
from dossier import terms, verify
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import EvidenceCadre, ReviewDemand, TeamReview
from tests.appraisal import annual_world as world
from tests.appraisal.annual_world import record, year_template

__all__ = ["record", "year_template"]

Q4, Q3 = "2024Q4", "2024Q3"


def opened(session: Session, quarter: str = Q4, team: str = "D01") -> TeamReview:
    return acts.open_review(session, viewer(session, "off1"), team, quarter, world.TODAY)


def shown(session: Session, login: str = "off1", quarter: str = Q4, team: str = "D01") -> Board:
    return board(session, viewer(session, login), team, quarter)


def written(session: Session) -> TeamReview:
    row = opened(session)
    acts.pick(session, viewer(session, "off1"), row.id, "运行平稳", "事实清楚，依据见各栏")
    return row


def test_quarters() -> None:
    assert (Quarter(2025, 1).before.code, Quarter(2024, 4).following.code) == ("2024Q4", "2025Q1")
    assert (Quarter(2025, 3).last, Quarter(2024, 4).last) == (date(2025, 9, 30), date(2024, 12, 31))
    assert [q.code for q in quarters_until(date(2025, 10, 16), 3)] == ["2025Q4", "2025Q3", "2025Q2"]
    assert parse_quarter("2025Q3").period == "2025Q3累计"
    with pytest.raises(ShijiError, match="QUARTER-FORM"):
        parse_quarter("2025-3")


def test_boxes_are_laid_out_with_verified_items_and_figures_and_nothing_is_picked(record: Database) -> None:
    with record.write() as session:
        row = opened(session)
        made = shown(session)
        assert (row.overall, row.reasons, row.texts) == ("", "", {})
        assert set(made.boxes) == set(BOXES)
        praise = evidence(session, world.PRAISE[:12])
        assert [p.item.code for p in made.boxes["deed"] if p.item] == [praise.code]
        assert not made.boxes["idea"]  # the method of this quarter is only self-reported
        assert [item.state for item in made.reported] == [terms.ADOPTED]
        figures = {p.figure.name: p.figure for p in made.boxes["deed"] if p.figure}
        revenue = figures["地方级财政收入"]
        assert (revenue.version, revenue.status, revenue.period) == (1, "核定", "2024年")
        assert "份额变动" in revenue.text
        assert "平均增长指数" in revenue.text
        assert "第1版" in revenue.text


def test_a_problem_stands_apart_and_an_open_one_is_a_question(record: Database) -> None:
    with record.write() as session:
        opened(session, Q3)
        made = shown(session, quarter=Q3)
        assert [item.code for item in made.problems] == [
            evidence(session, world.FAILURE[:12]).code, evidence(session, world.SECOND[:12]).code
        ]  # fmt: skip
        assert not any(p.item and p.item.adverse for places in made.boxes.values() for p in places)
        with pytest.raises(ShijiError, match="REVIEW-ADVERSE"):
            acts.place(session, viewer(session, "off1"), made.row.id, "evidence", made.problems[0].id, "deed")
        (doubt,) = shown(session, team="D09").doubts
        assert (doubt.month, doubt.state) == ("2024-12", terms.TO_VERIFY)
        assert doubt.text.endswith("）")
        assert "情况如何？" in doubt.text


def test_items_are_added_moved_and_removed_and_stay_so(record: Database) -> None:
    with record.write() as session:
        off, row = viewer(session, "off1"), opened(session)
        praise = next(p for p in shown(session).boxes["deed"] if p.item)
        moved = acts.move(session, off, row.id, praise.id, "method")
        assert [p.item.code for p in shown(session).boxes["method"]] == [praise.item.code]
        acts.remove(session, off, row.id, moved.id)
        assert not shown(session).boxes["method"]
        assert acts.refresh(session, off, row.id) == 0  # what people took out does not come back
        assert [item.id for item in shown(session).spare] == [praise.item.id]
        acts.place(session, off, row.id, "evidence", praise.item.id, "deed")
        assert [p.prefilled for p in shown(session).boxes["deed"] if p.item] == [False]
        with pytest.raises(ShijiError, match="REVIEW-UNVERIFIED"):
            acts.place(session, off, row.id, "evidence", evidence(session, world.OWN[:12]).id, "idea")
        with pytest.raises(ShijiError, match="REVIEW-ITEM"):
            acts.place(session, off, row.id, "evidence", praise.item.id, "duty")  # names no cadre
        session.add(EvidenceCadre(evidence_id=praise.item.id, cadre_id="P001", role="主体"))
        session.flush()
        session.expire_all()
        assert acts.place(session, off, row.id, "evidence", praise.item.id, "duty").box == "duty"


def test_what_no_longer_stands_is_no_longer_shown(record: Database) -> None:
    with record.write() as session:
        opened(session)
        item = evidence(session, world.PRAISE[:12])
        verify.withdraw(session, viewer(session, "head1"), item.id, terms.WITHDRAWN, "奖项名称有误")
        assert not [p for p in shown(session).boxes["deed"] if p.item]


def test_banners_say_one_sided_or_unknown_and_never_normal(record: Database) -> None:
    with record.write() as session:
        assert shown(session).banner[0] == "信源单一"  # praise only
        assert shown(session, quarter=Q3).banner is None
        empty = shown(session, team="D04")
        assert empty.banner[0] == "信息不足"
        assert "正常" not in "".join(empty.banner)
        own = evidence(session, world.PRAISE[:12])
        own.self_published = True
        session.flush()
        assert "自采自发" in shown(session).banner[1]


def test_the_state_is_a_persons_pick_with_reasons(record: Database) -> None:
    with record.write() as session:
        off, row = viewer(session, "off1"), opened(session)
        with pytest.raises(ShijiError, match="REVIEW-OVERALL"):
            acts.sign(session, viewer(session, "head1"), row.id, "同意", "", world.TODAY)
        with pytest.raises(ShijiError, match="REVIEW-REASONS"):
            acts.pick(session, off, row.id, "运行平稳", "  ")
        with pytest.raises(ShijiError, match="REVIEW-OVERALL"):
            acts.pick(session, off, row.id, "正常", "理由")
        assert STATES == ("运行优良", "运行平稳", "需要关注", "问题较多")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            acts.pick(session, viewer(session, "kh"), row.id, "运行平稳", "理由")


def test_opinions_stay_apart_and_restricted(record: Database) -> None:
    with record.write() as session:
        row = opened(session)
        for login, words in (("off1", "重大项目推进有力"), ("head1", "安全生产抓得不紧")):
            acts.note_opinion(session, viewer(session, login), row.id, "市领导", "某市领导", world.TODAY, words)
        assert [o.text for o in shown(session, "dep").opinions] == ["重大项目推进有力", "安全生产抓得不紧"]
        mine = shown(session, "off1")
        assert ([o.text for o in mine.opinions], mine.hidden_opinions) == (["重大项目推进有力"], 1)
        assert (shown(session, "kh").opinions, shown(session, "kh").hidden_opinions) == ([], 2)
        report = report_content(session, viewer(session, "min"), row, world.TODAY)
        assert "抓得不紧" not in str(report.as_dict())


def test_three_steps_sign_and_the_report_is_frozen(record: Database) -> None:
    with record.write() as session:
        row = written(session)
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            acts.sign(session, viewer(session, "dep"), row.id, "同意", "", world.TODAY)
        acts.sign(session, viewer(session, "head1"), row.id, "同意", "处务会纪要第3期", world.TODAY)
        with pytest.raises(ShijiError, match="REVIEW-STATE"):
            acts.write(session, viewer(session, "off1"), row.id, {"idea": "改"}, row.version)
        acts.sign(session, viewer(session, "dep"), row.id, "退回", "补充民生方面", world.TODAY)
        assert row.state == "起草"
        for login in ("head1", "dep", "min"):
            acts.sign(session, viewer(session, login), row.id, "同意", "", world.TODAY)
        assert row.state == "部务会"
        assert row.sha256 == digest(canonical(row.content))
        held = from_dict(row.content)
        assert held.sections[-2].written[0] == "运行平稳。"
        assert [s.heading for s in held.sections if s.level == 1] == [
            "一、班子基本情况", "二、运行情况", "三、领导干部表现", "四、存在问题及原因", "五、态势评估",
            "六、意见建议",
        ]  # fmt: skip


def test_saving_over_somebody_elses_words_is_refused(record: Database) -> None:
    with record.write() as session:
        row = opened(session)
        acts.write(session, viewer(session, "off1"), row.id, {"idea": "思路清楚"}, 1)
        with pytest.raises(ShijiError, match="REVIEW-CHANGED"):
            acts.write(session, viewer(session, "off1b"), row.id, {"idea": "另一版"}, 1)
        assert row.texts == {"idea": "思路清楚"}


def test_last_quarters_demands_and_their_answers(record: Database) -> None:
    with record.write() as session:
        off, before = viewer(session, "off1"), opened(session, Q3)
        assert compare(session, off, "D01", Quarter(2024, 3)).sentence == "上季度没有分析研判记录。"
        made = [
            acts.demand(session, off, before.id, words) for words in ("健全巡查台账", "补齐物业短板", "公开整改进度")
        ]
        for one in made[:2]:
            acts.respond(session, off, one.id, "已完成，见报送材料", world.TODAY)
        beside = compare(session, off, "D01", Quarter(2024, 4))
        assert beside.sentence == "上季度提出 3 项改进要求，已回应 2 项。"
        assert [(row.topic, row.before, row.now) for row in beside.counts if row.topic == "问题"] == [("问题", 2, 0)]
    assert answered(True, []) == "上季度没有提出改进要求。"
    assert answered(True, [ReviewDemand(text="a", response="")]) == "上季度提出 1 项改进要求，已回应 0 项。"


def test_the_report_cites_lists_problems_only_after_notice_and_names_no_one_to_move(record: Database) -> None:
    with record.write() as session:
        row = opened(session, Q3)
        text = "\n".join(
            line for s in report_content(session, viewer(session, "off1"), row, world.TODAY).sections
            for line in s.paragraphs
        )  # fmt: skip
        assert "另有2件已核实、尚未告知的事项" in text
        assert "坍塌" not in text
        world.hear(session, world.FAILURE)
        report = report_content(session, viewer(session, "off1"), row, world.TODAY)
        (problem,) = [line for s in report.sections for line in s.paragraphs if "坍塌" in line]
        code = evidence(session, world.FAILURE[:12]).code
        for part in (f"〔{code}〕", "状态：已核实", "单位说明：已停工整改", "容错审查：不涉及", "来源："):
            assert part in problem
        assert code in {row.code for row in report.annex}
        assert next(one for one in report.coverage if one[0] == code)[1:] == ("", "√", "", "", "√", "")
        word = read_word(BytesIO(report_docx(report, "编号：YP-000001", "干部一处")))
        words = [paragraph.text for paragraph in word.paragraphs]
        assert "望澜区领导班子运行情况分析报告" in words
        assert "（2024年第三季度）" in words
        assert len(word.tables) == 2
        assert not any(bad in "".join(words) for bad in ("建议调整", "免职", "排名"))


def test_another_zones_board_is_not_found(record: Database) -> None:
    with record.read() as session, pytest.raises(ShijiError, match="TEAM-UNKNOWN"):
        shown(session, "off3")
