"""How fast and in how little memory the stream of documents is checked for reprints.

Run: ``python benchmarks/duplicates.py [COUNT] [--way add|intake|twice]`` (default 100,000, add). ``intake`` looks and
then keeps, as the intake does with the analysis between the two; ``twice`` is what it did before: each document was
read for the look and again to be kept. Texts of about 300 characters are made up from
syllable-like words; one in five repeats an earlier text: as it is, with a lead and an editor's line, or edited.
Prints documents a CPU second for each tenth of the way, so that a slow-down with size shows, bytes a document,
and how many of the repeats were found and how many other documents were merged wrongly.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator

from nlp.duplicates import Duplicate, DuplicateDoc, DuplicateIndex

WORDS = 6000
_SYLLABLES = (
    "望澜推行楼栋议事改造方案公示施工运行居民意见街道答复资金工期单位公开查询服务企业项目投资建设园区港口生态治理"
)
REPEATS = 0.2


def vocabulary(rng: random.Random) -> list[str]:
    """Words of two to four characters: WORDS of them."""
    return ["".join(rng.choices(_SYLLABLES, k=rng.choice((2, 2, 2, 3, 4)))) for _ in range(WORDS)]


def article(rng: random.Random, words: list[str]) -> str:
    """About 300 characters in a dozen sentences."""
    sentences = []
    for _ in range(12):
        clause = "".join(rng.choices(words, k=5))
        sentences.append(f"{clause}，{''.join(rng.choices(words, k=4))}{rng.randint(2, 900)}个。")
    return "".join(sentences)


def stream(count: int, rng: random.Random) -> Iterator[tuple[DuplicateDoc, int]]:
    """(document, number of the document it repeats or -1)."""
    words = vocabulary(rng)
    recent: list[tuple[int, str]] = []
    for number in range(count):
        if recent and rng.random() < REPEATS:
            origin, text = rng.choice(recent)
            form = rng.random()
            if form < 0.4:
                text = f"本报讯（记者 李某）{text}\n责任编辑：王某"
            elif form < 0.7:
                parts = text.split("。")
                parts[rng.randrange(2, 11)] = "".join(rng.choices(words, k=8))
                text = "。".join(parts)
            yield DuplicateDoc(str(number), "", text), origin
            continue
        text = article(rng, words)
        place = rng.randrange(2000)
        if len(recent) < 2000:
            recent.append((number, text))
        else:
            recent[place] = (number, text)
        yield DuplicateDoc(str(number), "", text), -1


def _twice(index: DuplicateIndex, doc: DuplicateDoc) -> Duplicate:
    index.query(doc)
    return index.add(doc)


WAYS: dict[str, Callable[[DuplicateIndex, DuplicateDoc], Duplicate]] = {
    "add": lambda index, doc: index.add(doc),
    "intake": lambda index, doc: index.keep(index.look(doc)),
    "twice": _twice,
}


def main() -> int:
    """Run the stream and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", nargs="?", type=int, default=100_000)
    options.add_argument("--way", choices=sorted(WAYS), default="add")
    chosen = options.parse_args()
    count, check = chosen.count, WAYS[chosen.way]
    rng = random.Random(7)
    index = DuplicateIndex()
    index.add(DuplicateDoc("warm", "", "词典装载，人名地名都要认得。"))  # dictionaries are loaded once
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = found = wrong = 0
    part: list[float] = []
    stories: list[int] = []  # the first document of each document's text
    spent = 0.0
    for number, (doc, origin) in enumerate(stream(count, rng)):
        started = time.process_time()
        result = check(index, doc)
        spent += time.process_time() - started
        made += origin >= 0
        found += origin >= 0 and result.cluster == str(origin)
        stories.append(origin if origin >= 0 else number)
        wrong += stories[int(result.cluster)] != stories[number]
        if (number + 1) % max(1, count // 10) == 0:
            part.append(spent)
            last = part[-1] - (part[-2] if len(part) > 1 else 0.0)
            print(f"{number + 1:>9,} documents  {count // 10 / max(last, 1e-9):>7,.0f} a CPU second")
    held = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print(f"all: {count / spent:,.0f} a CPU second; {held / count:,.0f} bytes a document (peak, growth included)")
    print(f"repeats found {found} of {made}; merged wrongly {wrong}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
