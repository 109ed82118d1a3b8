"""Compare topic models at an equal number of topics on one corpus, and print a Markdown table.

    pip install -e ".[bench]" && python -m tests.benchmarks.topics [FOLDER]

Without a folder of documents the corpus is generated: documents that mix themes whose vocabularies overlap. Coherence is
the mean NPMI of the ten top terms over the units; stability is the mean overlap of the ten top terms between seeds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from flows.execution import execute, in_order
from flows.run import open_run
from flows.settings import load_settings
from tasks.topic_corpus import read_corpus, read_terms
from tasks.topic_fit import fit_topics
from tasks.topic_quality import agreements, npmi_coherence
from tasks.topic_units import Matrix, choose_vocabulary
from tasks.topics import TopicsSettings
from warehouse.paths import private_file
from warehouse.store import Store

Floats = NDArray[np.float64]
COUNTS, SEEDS = (20, 50), (1, 2, 3)


def generated(units: int = 6000, themes: int = 45, length: int = 120, seed: int = 4) -> Matrix:
    """Units that mix a few of many themes with words common to all; themes share a third of their words with others."""
    draw = np.random.default_rng(seed)
    common, own = 2000, 300
    size = common + themes * own

    def zipf(count: int) -> Floats:
        weights: Floats = 1 / (np.arange(count) + 2.7)
        return weights / weights.sum()

    background = np.concatenate([zipf(common), np.zeros(size - common)])
    chances = np.zeros((themes, size))
    for theme in range(themes):
        words = np.arange(own) + common + theme * own
        foreign = draw.random(own) < 1 / 3
        words[foreign] = draw.integers(0, size, int(foreign.sum()))
        np.add.at(chances[theme], words, zipf(own))
    popularity = draw.dirichlet(np.full(themes, 1.5))
    rows = []  # sparse one by one: a large corpus would not fit otherwise
    for _ in range(units):
        chosen = draw.choice(themes, size=3, replace=False, p=popularity)
        mixture = draw.dirichlet([5.0, 3.0, 1.5, 0.5])
        rows.append(csr_matrix(draw.multinomial(length, mixture[0] * background + mixture[1:] @ chances[chosen])))
    counts = vstack(rows, format="csr").astype(np.float64)
    return counts[:, choose_vocabulary(counts, counts, 3, 0.5, 20_000)].tocsr()


def read(folder: Path) -> Matrix:
    """The units of a folder of documents, as the topics stage cuts them."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings(seeds=folder, warehouse=Path(scratch), topics={"count": 5, "seeds": 1})
        with open_run(settings) as run:
            execute(run, in_order, lambda *_: None)
        with Store(private_file(settings.warehouse), keep_schema=False) as store:
            documents, terms, names = (
                partial(store.query_encoded, name) for name in ("document_ids", "passage_terms", "names")
            )
            corpus = read_corpus(read_terms(documents, terms, names, ()), TopicsSettings())
    assert corpus is not None
    return corpus.units


def bags(units: Matrix) -> list[list[tuple[int, int]]]:
    """Lists of pairs of term and count."""
    return [
        list(zip(units.indices[start:end].tolist(), units.data[start:end].astype(int).tolist(), strict=True))
        for start, end in zip(units.indptr[:-1], units.indptr[1:], strict=True)
    ]


def ours(units: Matrix, count: int, seed: int) -> Floats:
    """As the topics stage fits."""
    return fit_topics(units, count, seed, TopicsSettings().passes).topics


def plain_gensim(units: Matrix, count: int, seed: int) -> Floats:
    """gensim's `LdaModel` as it comes."""
    from gensim.models import LdaModel

    names = dict(enumerate(map(str, range(units.shape[1]))))
    return np.asarray(LdaModel(bags(units), count, names, random_state=seed).get_topics())


def scikit_learn(units: Matrix, count: int, seed: int) -> Floats:
    """scikit-learn's online variational Bayes."""
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(count, learning_method="online", random_state=seed)
    return np.asarray(model.fit(units).components_)


def tomotopy(units: Matrix, count: int, seed: int) -> Floats:
    """tomotopy's Gibbs sampler, 500 sweeps on one worker, with which its seed decides the result."""
    from tomotopy import LDAModel

    model = LDAModel(k=count, seed=seed)
    for bag in bags(units):
        model.add_doc([str(term) for term, times in bag for _ in range(times)])
    model.train(500, workers=1)
    topics = np.zeros((count, units.shape[1]))
    for topic in range(count):
        topics[topic, [int(term) for term in model.used_vocabs]] = model.get_topic_word_dist(topic)
    return topics


MODELS: dict[str, Callable[[Matrix, int, int], Floats]] = {
    "this pipeline": ours,
    "gensim `LdaModel`, defaults": plain_gensim,
    "scikit-learn, online": scikit_learn,
    "tomotopy, 500 sweeps": tomotopy,
}


def measured(units: Matrix) -> Iterator[tuple[str, int, float, float, float]]:
    """Model, number of topics, coherence, stability and seconds for one fit, each a mean over the seeds."""
    for count in COUNTS:
        for name, fit in MODELS.items():
            start = time.perf_counter()
            found = [fit(units, count, seed) for seed in SEEDS]
            seconds = (time.perf_counter() - start) / len(SEEDS)
            coherence = float(np.mean([npmi_coherence(topics, units) for topics in found]))
            yield name, count, coherence, float(np.mean(agreements(found))), seconds


def main(arguments: list[str]) -> None:
    """Print the table, line by line as it is measured."""
    units = read(Path(arguments[0])) if arguments else generated()
    print(f"{units.shape[0]:,} units, {units.shape[1]:,} terms, {int(units.sum()):,} occurrences; {len(SEEDS)} seeds\n")
    print("| model | topics | NPMI | stability | seconds a fit |\n| --- | --- | --- | --- | --- |")
    for name, count, coherence, stability, seconds in measured(units):
        print(f"| {name} | {count} | {coherence:.3f} | {stability:.2f} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
