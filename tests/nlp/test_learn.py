"""Learning from officers: it corrects what they corrected, forgets nothing guarded, and is refused otherwise."""

from __future__ import annotations

import pytest

from nlp.learn import GUARDED, LEAST_FROZEN, correct, is_frozen, learn
from nlp.topic import load_topic_model, save_model
from nlp.train_data import Example, read_examples

ODD = ("巡河员每日打卡并把照片传到水务平台", "网格员入户登记并把台账传到街道平台", "护林员巡山并把轨迹传到林业平台")


def verdict(text: str, label: str, number: int) -> Example:
    return Example(text, label, "YB3" if label == "routine" else "ZF2", "", (), 1.0, f"document-{number}", "officer")


@pytest.fixture(scope="module")
def model():
    return load_topic_model(with_encoder=False)


def verdicts(label: str) -> list[Example]:
    """Officers insist on one label for a kind of passage, over many documents."""
    known = [e for e in read_examples()[::97] if e.label not in (label, "problem")]
    others = [verdict(e.text, e.label, 1000 + n) for n, e in enumerate(known)]
    return [*(verdict(f"云亭区{ODD[n % 3]}，第{n}批。", label, n) for n in range(240)), *others]


def own() -> list[Example]:
    return read_examples()[::29]


def test_corrections_are_learned_and_the_frozen_share_is_not_seen(model) -> None:
    wrong = next(x for x in ("routine", "practice") if x != model.predict([verdicts("routine")[0].passage])[0].label)
    given = verdicts(wrong)
    corrected, trial = learn(model, given, own())
    assert trial.learned_from + trial.frozen == len(given)
    assert trial.frozen >= LEAST_FROZEN
    assert trial.old.accuracy < trial.new.accuracy
    assert corrected.predict([verdict("望澜区" + ODD[0] + "。", wrong, 1).passage])[0].label == wrong
    assert corrected.version != model.version


def test_the_same_verdicts_give_the_same_model(model) -> None:
    given = verdicts("routine")[:60]
    assert correct(model, given).version == correct(model, given).version


def test_a_correction_that_would_forget_is_refused(model) -> None:
    """Every 问题 of our own passages called 无关: problems would no longer be found."""
    bad = [
        Example(
            e.text,
            "irrelevant" if e.label == "problem" else e.label,
            "NA",
            e.title,
            (),
            3.0,
            f"document-{n}",
            "officer",
        )
        for n, e in enumerate(read_examples()[::3])
    ]
    corrected, trial = learn(model, bad, read_examples()[1::17])
    assert not trial.accepted
    assert any("问题召回率" in reason for reason in trial.refused)
    assert corrected is not model


def test_too_few_verdicts_change_nothing(model) -> None:
    same, trial = learn(model, verdicts("routine")[:10], own())
    assert same is model
    assert "少于" in trial.refused[0]


def test_a_document_is_frozen_for_ever_and_one_in_five(model) -> None:
    frozen = [is_frozen(f"document-{n}") for n in range(5000)]
    assert 0.17 < sum(frozen) / len(frozen) < 0.23
    assert frozen == [is_frozen(f"document-{n}") for n in range(5000)]


def test_a_learned_model_is_kept_and_read_back(model, tmp_path) -> None:
    corrected = correct(model, verdicts("routine")[:60])
    save_model(corrected, tmp_path / "m.npz", {})
    again = load_topic_model(tmp_path / "m.npz", with_encoder=False)
    passage = verdicts("routine")[0].passage
    assert again.version == corrected.version
    assert again.predict([passage])[0].label == corrected.predict([passage])[0].label
    assert set(GUARDED) <= set(vars(learn(model, verdicts("routine"), own())[1].new))
