"""Links of passages to key tasks and indicators: true ones, near misses, other teams' never, silence when unsure."""

from __future__ import annotations

import pytest

from nlp.links import INDICATOR, NAMED, TASK, Linker, Target, likeness_of_tasks, linker_of
from nlp.sentences import load_static_model

TASKS = {
    "A": ["老旧管网更新改造", "社区托育服务扩容", "信用监管改革"],
    "B": ["冷链物流园建设", "乡村医生队伍培养", "山洪灾害防治"],
    "C": ["社区托育服务提质", "公租房智能化管理", "燃气安全整治"],
    "D": ["职业院校布局调整", "夜间经济街区培育", "碳排放核算试点"],
    "E": ["退耕还湿生态补偿", "残疾人家庭无障碍改造", "矿区沉陷治理"],
}
BOOK = {
    "G1": "地区生产总值", "G3": "全社会固定资产投资", "G7": "城镇居民人均可支配收入增速", "G8": "城镇新增就业",
    "G9": "空气质量优良天数比率", "G10": "单位GDP能耗下降率", "G11": "生产安全事故死亡人数", "G6": "社会消费品零售总额",
    "C2": "实际使用外资", "C3": "粮食总产量",
}  # fmt: skip


@pytest.fixture(scope="module")
def linker() -> Linker:
    tasks = [
        Target(TASK, f"{team}-{n}", title, team=team) for team, rows in TASKS.items() for n, title in enumerate(rows)
    ]
    book = [Target(INDICATOR, key, name) for key, name in BOOK.items()]
    return linker_of((*tasks, *book, Target(INDICATOR, "TB", "冷库总容量", team="B")), load_static_model())


def keys(linker: Linker, text: str, *teams: str) -> set[str]:
    return {link.key for link in linker.link(text, teams)}


@pytest.mark.parametrize(
    ("team", "text", "key"),
    [
        ("A", "全区更换老旧供水、供热管网四十公里，漏损率降到一成以内。", "A-0"),
        ("A", "六个社区托育点开班，双职工家庭托育服务有了着落。", "A-1"),
        ("B", "冷链物流园一期封顶，建成后可存果蔬八万吨。", "B-0"),
        ("B", "县里定向培养乡村医生一百二十名，村卫生室不再缺人。", "B-1"),
        ("B", "沿沟二十一个村装上山洪预警设备，灾害防治责任落到组。", "B-2"),
        ("C", "燃气管线逐户排查，安全整治发现的隐患当日改完。", "C-2"),
        ("D", "两所职业院校迁入新校区，专业布局随产业调整。", "D-0"),
        ("E", "给三百户残疾人家庭装扶手、改坡道，无障碍改造由户主验收。", "E-1"),
    ],
)
def test_a_passage_about_a_task_is_linked_to_it(linker: Linker, team: str, text: str, key: str) -> None:
    assert keys(linker, text, team) == {key}


@pytest.mark.parametrize(
    ("team", "text"),
    [
        ("A", "区政协举行迎新茶话会，各界人士共话发展。"),
        ("A", "区图书馆社区分馆举办读书会。"),
        ("B", "县医院医生获评全省先进个人。"),
        ("C", "街道组织居民观看消防安全影片。"),
        ("D", "区委召开理论学习中心组学习会，研讨基层治理。"),
        ("E", "县残联召开年度工作会议，总结上年情况。"),
    ],
)
def test_unsure_means_no_link(linker: Linker, team: str, text: str) -> None:
    assert keys(linker, text, team) == set()


def test_the_task_of_another_team_is_never_linked(linker: Linker) -> None:
    text = "六个社区托育点开班，双职工家庭托育服务有了着落。"
    assert keys(linker, text, "A") == {"A-1"}
    assert keys(linker, text, "C") == {"C-0"}
    assert keys(linker, text, "B") == keys(linker, text) == set()
    assert "TB" in keys(linker, "冷库总容量达到九万吨。", "B")
    assert "TB" not in keys(linker, "冷库总容量达到九万吨。", "A")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上半年GDP同比增长5.9%。", {"G1"}),
        ("单位GDP能耗下降3.1%，提前完成目标。", {"G10"}),
        ("人均GDP超过九万元。", set()),
        ("农村居民人均可支配收入增长7.2%。", set()),
        ("城镇居民人均可支配收入增长5.1%，新增城镇就业一千二百人。", {"G7", "G8"}),
        ("固投同比下降2%，社零总额增长4%。", {"G3", "G6"}),
        ("今年空气优良天数比去年多六天。", {"G9"}),
        ("到位外资六千万美元。", {"C2"}),
        ("粮食仓库开展防火演练。", set()),
    ],
)
def test_indicators_go_by_their_names_and_the_longer_name_wins(linker: Linker, text: str, found: set[str]) -> None:
    assert keys(linker, text, "A") == found
    assert all(link.score == NAMED and "点名指标" in link.because for link in linker.link(text, ["A"]))


def test_every_link_says_why_in_one_line(linker: Linker) -> None:
    (link,) = linker.link("冷链物流园一期封顶，建成后可存果蔬八万吨。", ["B"])
    assert "冷链" in link.because
    assert "\n" not in link.because
    assert 0.5 <= link.score <= 1


def test_links_do_not_depend_on_order_of_teams_or_earlier_passages(linker: Linker) -> None:
    text = "全区更换老旧供水、供热管网四十公里。"
    first = linker.link(text, ["A", "B"])
    linker.link("别的文字", ["C"])
    assert linker.link(text, ["B", "A"]) == first


def test_proposals_for_tasks_have_score_and_reason_and_lean_on_other_teams_only_as_a_yardstick() -> None:
    mine = [f"{title}\n按节点完成，年底形成可核查的成果" for title in TASKS["B"]]
    others = [title for team, rows in TASKS.items() if team != "B" for title in rows]
    items = ["冷链物流园一期封顶", "县里定向培养乡村医生一百二十名", "六个社区托育点开班，托育服务扩容"]
    model = load_static_model()
    rows = likeness_of_tasks(model, mine, items, others)
    assert [max(range(3), key=lambda at: row[at][0]) for row in rows[:2]] == [0, 1]
    assert rows[0][0][0] >= 50
    assert "冷链" in rows[0][0][1]
    assert [row[2] for row in rows] == [(0, "")] * 3
    alone = likeness_of_tasks(model, mine, items[:1], others)
    assert [row[0] for row in alone] == [row[0] for row in rows]


def test_three_tasks_are_enough_to_be_ranked_against() -> None:
    """A city that has just begun has no other teams' tasks yet: general titles of the house stand in for them."""
    rows = likeness_of_tasks(
        load_static_model(), TASKS["E"], ["退耕的湿地由县里补偿，还湿两千亩。", "县里开了总结会。"]
    )
    assert rows[0][0][0] >= 50
    assert [row[1] for row in rows] == [(0, "")] * 3


def test_the_name_of_an_office_is_not_what_its_passage_is_about() -> None:
    tasks = [Target(TASK, "S", "统计执法检查", team="S"), Target(TASK, "T", "劳动力调查入户", team="S")]
    linker = linker_of(tasks, load_static_model())
    assert "统计" not in {w for link in linker.link("市统计局召开收心会，强调作风。", ["S"], 0) for w in link.words}
    assert keys(linker, "市统计局对三十家企业开展统计执法检查。", "S") == {"S"}
