"""The topic model: features equal scikit-learn's, results do not depend on the batch, a changed file is refused."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.cues import CUES, find_cues
from nlp.errors import NlpError
from nlp.key_table import NONE, key_table
from nlp.topic import load_topic_model, model_path
from nlp.topic_features import LONGEST, TITLE_LONGEST, TITLE_WEIGHT, all_keys, key_of, look_up
from nlp.topic_fit import fit_features, rows
from nlp.topic_port import LABELS, TopicInput
from nlp.topic_text import fold_clauses, topic_texts
from nlp.train_data import TRAINING, digest, read_examples

SENTENCES = (
    "9月3日，岭东省云州市推行楼栋议事长制度，改造方案须经三轮协商并公示后方可施工。",
    "泽阳县被省督察组通报批评，3家企业长期超标排放，整改方案照抄照搬。",
    "本报讯（记者 周望）市教育局荣获全省先进集体称号。",
    "国家统计局今天发布数据，前三季度全国粮食产量同比增长1.2%。",
)


def test_features_equal_scikit_learn() -> None:
    passages = [TopicInput(s, title=s[:8]) for s in SENTENCES]
    features = fit_features(passages, minimum=1)
    settings_ = {"analyzer": "char", "sublinear_tf": True, "lowercase": False}
    text = TfidfVectorizer(ngram_range=(1, LONGEST), **settings_)
    title = TfidfVectorizer(ngram_range=(1, TITLE_LONGEST), **settings_)
    expected = hstack(
        [
            text.fit_transform(topic_texts([p.text for p in passages])),
            title.fit_transform(topic_texts([p.title for p in passages])) * TITLE_WEIGHT,
        ]
    ).toarray()
    ours = rows(features, passages).toarray()[:, : expected.shape[1]]
    order = [features.column_of(term) for term in text.get_feature_names_out()]
    assert np.allclose(ours[:, order], expected[:, : len(order)])
    assert np.allclose(np.sort(ours[:, len(order) :], axis=1), np.sort(expected[:, len(order) :], axis=1))


@given(st.lists(st.text(max_size=30), max_size=5))
def test_every_ngram_is_found_where_it_stands(texts: list[str]) -> None:
    texts = [t.replace("\0", "") for t in texts]
    keys = np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *(all_keys(t, LONGEST) for t in texts)]))
    columns, places = look_up(key_table(keys), texts, LONGEST)
    whole = "\0".join(texts) + "\0"
    found = Counter((int(keys[c]), int(p)) for c, p in zip(columns, places, strict=True))
    grams = ((whole[p : p + n], p) for n in range(1, LONGEST + 1) for p in range(len(whole) - n + 1))
    assert found == Counter((key_of(g), p) for g, p in grams if "\0" not in g)


@given(st.sets(st.integers(0, 2**64 - 1) | st.integers(0, 50), max_size=40), st.lists(st.integers(0, 60), max_size=60))
def test_a_key_table_finds_what_a_search_finds(keys: set[int], others: list[int]) -> None:
    given_, wanted = np.array(sorted(keys), dtype=np.uint64), np.array([*keys, *others], dtype=np.uint64)
    place = {key: number for number, key in enumerate(sorted(keys))}
    assert key_table(given_).find(wanted).tolist() == [place.get(int(key), NONE) for key in wanted]


def test_places_dates_numbers_and_bylines_do_not_decide() -> None:
    one, other = topic_texts(["9月3日，云州市查处12家企业。", "2024年5月17日，泽阳市查处350家企业。"])
    assert one == other
    assert topic_texts(["本报讯（记者 周望）全市召开会议。"]) == ["全市召开会议。"]
    assert "全市" in topic_texts(["全市新增社区食堂三家。"])[0]


@given(st.lists(st.text(max_size=200) | st.text("\n，。年月3区", max_size=20), max_size=4))
def test_clauses_lie_in_their_text_in_order(texts: list[str]) -> None:
    cut = fold_clauses(texts)
    assert cut == [fold_clauses([text])[0] for text in texts]
    for text, (spans, folded) in zip(texts, cut, strict=True):
        assert len(spans) == len(folded)
        assert all(0 <= a <= b <= len(text) for a, b in spans)
        assert all(x[1] <= y[0] for x, y in itertools.pairwise(spans))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(SENTENCES), st.text(max_size=80)), max_size=6))
def test_a_result_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    model = load_topic_model()
    together = model.predict([TopicInput(t) for t in texts])
    assert together == [model.predict([TopicInput(t)])[0] for t in texts]
    for text, result in zip(texts, together, strict=True):
        assert result.label in LABELS
        assert abs(sum(result.probabilities.values()) - 1) < 0.001
        assert result.confidence == result.probabilities[result.label]
        assert 0 <= result.span[0] <= result.span[1] <= len(text)


def test_the_deciding_clause_is_the_one_that_matters() -> None:
    text = "会议室座无虚席，云州市教育局荣获全省教育工作先进集体称号，与会人员合影留念。"
    result = load_topic_model().predict([TopicInput(text)])[0]
    assert result.label == "highlight"
    assert "荣获" in text[result.span[0] : result.span[1]]
    assert "荣获" in result.because
    assert result.because.endswith("判为亮点")


def test_cues_are_found_with_their_words() -> None:
    names = {
        CUES[c.number].name: c.words for c in find_cues(topic_texts(["会议召开。", "拟表彰一批先进，同比增长5%。"]))[1]
    }
    assert names["计划表述"] == "拟"
    assert names["表彰或获批"] == "表彰"
    assert "对比数据" in names


def test_a_model_that_does_not_match_its_hash_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "topic.npz"
    shutil.copy(model_path(), copy)
    shutil.copy(model_path().with_suffix(".json"), tmp_path / "topic.json")
    data = bytearray(copy.read_bytes())
    data[-100] ^= 1
    copy.write_bytes(bytes(data))
    with pytest.raises(NlpError, match="NLP-M02"):
        load_topic_model(copy)
    with pytest.raises(NlpError, match="NLP-M01"):
        load_topic_model(tmp_path / "absent.npz")


def test_the_shipped_model_was_trained_on_the_shipped_passages() -> None:
    card = json.loads(model_path().with_suffix(".json").read_text(encoding="utf-8"))
    assert card["training_sha256"] == digest(read_examples()), "run make train"


def test_training_covers_every_label_sub_type_and_hard_pair() -> None:
    examples = read_examples()
    assert len(examples) >= 1500
    subs = Counter(e.sub_type for e in examples)
    wanted = [
        f"{p}{n}" for p, last in (("ZF", 8), ("LD", 9), ("ZD", 9), ("WT", 15), ("YB", 7)) for n in range(1, last + 1)
    ]
    assert [s for s in wanted if subs[s] < 10] == []
    assert set(Counter(e.label for e in examples)) == set(LABELS)
    rules: dict[str, set[str]] = {}
    for file in TRAINING.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("rule"):
                rules.setdefault(row["rule"], set()).add(row["label"])
    assert [f"DR{n}" for n in range(1, 21) if len(rules.get(f"DR{n}", ())) < 2] == []
