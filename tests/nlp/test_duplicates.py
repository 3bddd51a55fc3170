"""Reprints merge, two officials' similar notices never do, the same event stays two texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import duplicates
from nlp.duplicates import DuplicateDoc, DuplicateIndex, find_duplicates

BODY = (
    "望澜区推行楼栋议事长制度，老旧小区改造方案须经三轮楼栋协商并公示后方可施工，目前已在四十一个小区运行。"
    "每个楼栋推选一名议事长，每周收集居民意见，街道在三个工作日内答复。改造资金、工期和施工单位一并公开，居民可随时查询。"
)
NOTICE = (
    "澜宁市纪委监委消息：市{u}局原副局长{n}涉嫌严重违纪违法，"
    "目前正接受纪律审查和监察调查。{n}，男，{y}年5月出生，大学学历。"
)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "near_duplicates"


def run(*texts, titles=None):
    docs = [DuplicateDoc(str(i), titles[i] if titles else "", t) for i, t in enumerate(texts)]
    return [(d.cluster, d.relation) for d in find_duplicates(docs)]


def test_reprint_with_lead_and_editor_lines_is_the_same_text():
    reprint = f"本报讯（记者 李某）{BODY}\n责任编辑：王某\n来源：澜宁日报"
    assert run(BODY, reprint) == [("0", "first"), ("0", "exact")]


def test_edited_reprint():
    edited = BODY.replace("每周收集居民意见，街道在三个工作日内答复。", "议事长定期走访住户，逐条登记诉求并限时回应。")
    assert run(BODY, edited) == [("0", "first"), ("0", "edited")]


def test_two_officials_similar_notices_never_merge():
    a = NOTICE.format(u="园林", n="钱大伟", y=1970)
    b = NOTICE.format(u="园林", n="孙小明", y=1970)
    assert [c for c, _ in run(a, b)] == ["0", "1"]


def test_same_form_on_another_day_never_merges():
    form = (
        "{d}，市督查室通报12345热线办理情况。各单位按期办结情况总体平稳，部分单位办结率偏低，要求限期整改。"
        "下一步将继续实行周调度、月通报，对连续排名靠后的单位发函提醒，督促改进工作作风，提升办理质量。"
    )
    assert [c for c, _ in run(form.format(d="10月9日"), form.format(d="10月16日"))] == ["0", "1"]


def test_same_event_is_linked_but_not_merged():
    other = (
        "望澜区推行楼栋议事长制度，老旧小区改造方案须经三轮楼栋协商并公示后方可施工，目前已在四十一个小区运行。"
        "每个楼栋推选一名议事长，每周收集居民意见。记者走访看到，青石社区的议事亭里坐满了人，大家围着图纸讨论停车位怎么划。"
    )
    (first, second) = run(BODY, other)
    assert first == ("0", "first")
    assert second == ("1", "same_event")


def test_the_index_answers_without_keeping():
    index = DuplicateIndex()
    index.add(DuplicateDoc("a", "", BODY))
    match = index.query(DuplicateDoc("b", "", BODY))
    assert match is not None
    assert (match.of, match.relation, len(index)) == ("a", "exact", 1)
    assert index.query(DuplicateDoc("c", "", "完全不同的一段文字，讲的是港口的装卸效率和航线数量。")) is None


def test_a_document_looked_at_is_read_once_and_kept_with_what_came_between(monkeypatch):
    index = DuplicateIndex()
    read = []
    whole = duplicates._fingerprint
    monkeypatch.setattr(duplicates, "_fingerprint", lambda doc: (read.append(doc.id), whole(doc))[1])
    first, second = index.look(DuplicateDoc("a", "", BODY)), index.look(DuplicateDoc("b", "", BODY))
    assert (first.match, second.match, len(index)) == (None, None, 0)
    assert index.keep(first) == ("a", "a", "first")
    assert index.keep(second) == ("b", "a", "exact")  # a was kept after b was looked at
    assert read == ["a", "b"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.sampled_from("望澜区推行，。一二三港口湖泊整改"), max_size=120), max_size=8))
def test_clusters_are_led_by_their_first(texts):
    docs = [DuplicateDoc(str(i), "", t) for i, t in enumerate(texts)]
    found = find_duplicates(docs)
    assert [d.id for d in found] == [d.id for d in docs]
    leaders = {d.id for d in found if d.cluster == d.id}
    assert all(d.cluster in leaders for d in found)
    assert all((d.cluster != d.id) == (d.relation in {"exact", "edited"}) for d in found)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared measuring data is not here")
def test_labelled_pairs():
    rows = [json.loads(line) for line in (SHARED / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    cluster = {d.id: d.cluster for d in find_duplicates(DuplicateDoc(r["id"], r["title"], r["text"]) for r in rows)}
    pairs = [json.loads(line) for line in (SHARED / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    same = [p for p in pairs if p["label"] in {"exact_dup", "edited_dup"}]
    found = sum(cluster[p["a"]] == cluster[p["b"]] for p in same)
    wrong = [p for p in pairs if p not in same and cluster[p["a"]] == cluster[p["b"]]]
    assert found / len(same) >= 0.99
    assert wrong == []
