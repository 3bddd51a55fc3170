"""Sentence vectors: the shipped static model, its training, and the port to sentence-transformers."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import rjieba

from nlp.errors import NlpError
from nlp.sentence_words import numbers_of
from nlp.sentences import load_static_model, open_sentence_model, static_path
from nlp.train_static import Article, pairs_of, train

TEXTS = ["新区两所学校开学，新增学位三千个", "", "123 ！", "沿江泵站检修完毕，汛前再查一遍", "十二所医院互认检查结果"]


def test_the_shipped_model_is_small_and_carries_no_names() -> None:
    model = load_static_model()
    assert static_path().stat().st_size <= 6_000_000
    assert model.table.dtype == np.int8
    assert model.table.shape[0] == len(model.vocabulary) >= 10_000
    known = [word for word in model.vocabulary if len(word) > 1 and rjieba.has_word(word)]
    assert not [word for word in known if any(str(tag).startswith("nr") for _, tag in rjieba.tag(word))]


def test_vectors_have_length_one_and_do_not_depend_on_the_batch() -> None:
    model = open_sentence_model()
    vectors = model.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0, 1, 1], atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.array_equal(model.encode([text])[0], vector)
    assert np.array_equal(model.encode(TEXTS[::-1]), vectors[::-1])


def test_meaning_brings_texts_together_that_share_no_word() -> None:
    model = open_sentence_model("static")
    asked = model.encode(["孩子上学难，家长盼着家门口有好学校"])[0]
    others = model.encode(["义务教育布局", "矿山生态修复", "港口货物吞吐", "粮食收购价格", "住院费用报销"])
    assert int(np.argmax(others @ asked)) == 0


def test_an_unknown_word_counts_as_its_parts() -> None:
    assert numbers_of("防汛抗旱", {"防汛": 3, "抗": 4}) in ([3, 4], [3])
    assert numbers_of("优良天数", {"优良": 1, "天": 2, "数": 5}) == [1, 2, 5]


def test_a_missing_or_changed_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(NlpError, match="NLP-S01"):
        load_static_model(tmp_path / "none.npz")
    copy = tmp_path / "static.npz"
    shutil.copy(static_path(), copy)
    card = json.loads(static_path().with_suffix(".json").read_text(encoding="utf-8"))
    copy.with_suffix(".json").write_text(json.dumps({**card, "sha256": "0"}), encoding="utf-8")
    with pytest.raises(NlpError, match="NLP-S02"):
        load_static_model(copy)


def test_training_twice_gives_the_same_file_and_joins_parts_of_one_article(tmp_path: Path) -> None:
    schools = [
        Article("学校新增学位", f"新区学校九月开学第{n}批。新增学位让孩子就近入学。老师已经到岗。") for n in range(90)
    ]
    ports = [Article("港口吞吐量上升", f"码头装卸集装箱第{n}批。港口吞吐货物增多。船舶按时靠泊。") for n in range(90)]
    for name in ("a.npz", "b.npz"):
        train([*schools, *ports], tmp_path / name, {"sources": ["test"]})
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    model = load_static_model(tmp_path / "a.npz")
    likeness = model.encode(["学位"]) @ model.encode(["老师", "船舶"]).T
    assert likeness[0, 0] > likeness[0, 1]


def test_pairs_never_contain_the_sentence_they_should_meet() -> None:
    made = pairs_of([Article("", "第一句讲的是造林绿化。第二句讲的是补植荒坡。第三句讲的是核查成活。")])
    assert made
    assert all(one not in rest for one, rest in made)


def test_the_extra_is_asked_for_only_when_set_and_named_when_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    assert open_sentence_model(" ").name == "static"
    with pytest.raises(NlpError, match="NLP-S03"):
        open_sentence_model("models/e5")


def test_a_sentence_transformers_model_runs_on_onnx_one_text_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra itself is not installed here and no hub can be reached: a stand-in takes the calls."""
    seen: list[tuple[list[str], int]] = []

    class Engine:
        def __init__(self, name: str, backend: str, device: str) -> None:
            if name == "absent":
                raise OSError("not found")
            assert (backend, device) == ("onnx", "cpu")

        def encode(self, texts: list[str], batch_size: int, show_progress_bar: bool) -> np.ndarray:
            seen.append((texts, batch_size))
            return np.array([[3.0, 4.0]])

    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=Engine))
    model = open_sentence_model("models/multilingual-e5-small")
    assert np.allclose(model.encode(["甲", "乙"]), [[0.6, 0.8]] * 2)
    assert seen == [(["query: 甲"], 1), (["query: 乙"], 1)]
    assert model.version == "onnx-multilingual-e5-small"
    assert model.encode([]).shape[0] == 0
    with pytest.raises(NlpError, match="NLP-S04"):
        open_sentence_model("absent")
