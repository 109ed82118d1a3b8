"""Measure whole runs of the pipeline, and print Markdown tables.

    python -m tests.benchmarks.pipeline [--documents FOLDER] [--sizes 100 1000] [--baseline SCRIPT] [--times 3]

The corpora are made of the sentences of a folder of documents (the sample seeds, if none is given): notes of about 1,170
words, most of whose longer words are drawn anew, so that no two say the same. Each figure is one whole process, from its
start to its end; memory is the largest sum over its processes, what they share counted once. A script that does the same the
plain way, and takes a folder and a file, is timed on the same documents if one is named.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.stages import STAGES
from warehouse.reader import ask

ROOT = Path(__file__).parents[2]
FIXED = {"CORPUS_TOPICS__COUNT": "20", "CORPUS_TOPICS__SEEDS": "1"}
# The corpora end in December 2023.
ONE_MORE = {"of the last month": "2023-12-29", "of 1994": "1994-06-15"}
_LONG_WORD = re.compile(r"\b[a-z]{5,}\b")

QUERIES = {
    "one term by year": "from term_trend('market', period := 'year')",
    "rising terms": "select term, slope, q_value from keyword_trends where granularity = 'year' and verdict = 'rising' limit 50",
    "entities by mentions": "select name, label, mention_count from entities order by mention_count desc limit 20",
    "an entity by year": "select * from entity_trends where granularity = 'year' limit 100",
    "topics by share": "select topic_id, label, share from topics order by share desc",
    "documents of a topic": "select document_id, weight from document_topics order by weight desc limit 20",
    "documents by year": "select year(publication_date) as year, count(*) from documents group by all order by all",
    "search": "from search('market outlook', most := 10)",
    "key word in context": "from kwic('market') limit 20",
    "distinctive of a year": "select term, log_odds_z from period_keyness where granularity = 'year' order by rank limit 20",
}


@dataclass(frozen=True)
class Measured:
    """A process: seconds from start to end, the most memory that it and its children held at once, what it printed."""

    seconds: float
    megabytes: float
    output: str


def sentences(folder: Path) -> list[str]:
    """The sentences of 5 to 60 words in a folder's text files."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))]
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.md"))]
    found = (" ".join(part.split()) for text in texts for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n\s*\n", text))
    return [sentence for sentence in found if 5 <= len(sentence.split()) <= 60]


def write_notes(folder: Path, count: int, pool: Sequence[str], *, seed: int, of: str | None = None) -> None:
    """Write notes of 600 to 1,740 words, in paragraphs of neighbouring sentences, dated over thirty years or `of` one day."""
    folder.mkdir(parents=True)
    draw = random.Random(seed)
    words = [word for sentence in pool for word in _LONG_WORD.findall(sentence)]

    def varied(sentence: str) -> str:
        return _LONG_WORD.sub(lambda word: draw.choice(words) if draw.random() < 0.5 else word[0], sentence)

    for number in range(count):
        wanted, body = draw.randint(600, 1740), ""
        while len(body.split()) < wanted:
            first = draw.randrange(len(pool))
            paragraph = [varied(sentence) for sentence in pool[first : first + draw.randint(3, 7)]]
            body += " ".join(paragraph) + "\n\n"
        day = of or f"{1994 + number * 30 // count}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        text = f"Note {seed}/{number} on the state of things\n\n{day}\n\n{body}"
        path = folder / f"note-{day}-{seed}-{number:06}.txt"
        path.write_text(text, encoding="utf-8")
        os.utime(path, (0, time.time() - 3600))


def measured(command: Sequence[str], **environment: str) -> Measured:
    """Run a command to its end."""
    largest = 0.0
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)

    def watch() -> None:
        nonlocal largest
        while process.poll() is None:
            largest = max(largest, sum(map(_megabytes, _family(process.pid))))
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(seconds, largest, output)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _megabytes(pid: int) -> float:
    """The memory of a process, with its share of what it has in common with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


class Bench:
    """A folder of notes and the warehouse made of it."""

    def __init__(self, scratch: Path, size: int, pool: Sequence[str]) -> None:
        self.size, self.pool = size, pool
        self.seeds, self.warehouse = scratch / f"seeds{size}", scratch / f"warehouse{size}"
        write_notes(self.seeds, size, pool, seed=size)

    def run(self, *options: str, **environment: str) -> Measured:
        """`corpus run`, without Prefect unless the options say otherwise."""
        command = [sys.executable, "-m", "flows.cli", "run", "--json", "--seeds", str(self.seeds)]
        return measured([*command, "--warehouse", str(self.warehouse), *(options or ("--inline",))], **environment)

    def add(self, count: int, seed: int, of: str | None = None) -> None:
        """Put more notes into the folder."""
        folder = self.seeds / f"more{seed}"
        write_notes(folder, count, self.pool, seed=seed, of=of)
        for path in (folder, self.seeds):
            os.utime(path, (0, time.time() - 3600))


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(list(header)), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines) + "\n"


def stages_of(run: Measured) -> dict[str, float]:
    """The seconds of each stage of a run."""
    return {stage["stage"]: stage["seconds"] for stage in json.loads(run.output)["stages"]}


def growth(benches: Sequence[Bench], workers: int) -> str:
    """Full runs, nothing new, one more document, and one in a hundred more, at each size; the stages of the full run."""
    heads = [f"{bench.size:,}" for bench in benches]
    rows: dict[str, list[object]] = {}

    def enter(name: str, value: object) -> None:
        rows.setdefault(name, []).append(value)

    for bench in benches:
        full = bench.run("--inline", "--workers", str(workers))
        enter("full run, s", f"{full.seconds:.1f}")
        enter("most memory, MB", f"{full.megabytes:.0f}")
        for stage, seconds in stages_of(full).items():
            enter(f"- {stage}", f"{seconds:.2f}")
        os.utime(bench.seeds, (0, time.time() - 3600))
        enter("nothing new, s", f"{bench.run().seconds:.2f}")
        for number, (name, day) in enumerate(ONE_MORE.items(), start=1):
            bench.add(1, seed=bench.size + number, of=day)
            enter(f"one document more, {name}, s", f"{bench.run().seconds:.2f}")
        bench.add(max(1, bench.size // 100), seed=bench.size + 10)
        enter("one in a hundred more, s", f"{bench.run('--inline', '--workers', str(workers)).seconds:.2f}")
    return table(["documents", *heads], ([name, *cells] for name, cells in rows.items()))


def against(script: Path, bench: Bench, workers: int, scratch: Path, times: int) -> str:
    """A full run with 20 topics from one seed against a script that does the same in one line, in turn, so many times."""
    plain, ours = [], []
    for _ in range(times):
        plain.append(measured([sys.executable, str(script), str(bench.seeds), str(scratch / "plain.duckdb")]).seconds)
        shutil.rmtree(bench.warehouse, ignore_errors=True)
        ours.append(bench.run("--inline", "--workers", str(workers), **FIXED).seconds)
    ratios = [theirs / own for theirs, own in zip(plain, ours, strict=True)]
    return table(
        ["documents", "script, s", "corpus run, s", "times as fast"],
        [
            [
                f"{bench.size:,}",
                f"{statistics.median(plain):.1f}",
                f"{statistics.median(ours):.1f}",
                f"{statistics.median(ratios):.1f}",
            ]
        ],
    )


def processes(bench: Bench, workers: int) -> str:
    """The language pass on one process and on several, with the stages that this one goes through while those are at it."""
    names = [stage.name for stage in STAGES]
    meanwhile = names[names.index("clean") + 1 : names.index("annotate") + 1]
    seconds = {}
    for number in (1, workers):
        shutil.rmtree(bench.warehouse, ignore_errors=True)
        found = stages_of(bench.run("--inline", "--workers", str(number), **FIXED))
        seconds[number] = sum(found[name] for name in meanwhile)
    return table(
        ["processes", "language pass and what is done meanwhile, s", "times as fast"],
        [[number, f"{each:.1f}", f"{seconds[1] / each:.2f}"] for number, each in seconds.items()],
    )


def latencies(bench: Bench) -> str:
    """The median of five answers of ten queries, in milliseconds."""
    rows: list[list[Any]] = []
    for name, statement in QUERIES.items():
        times = []
        for _ in range(5):
            start = time.perf_counter()
            ask(bench.warehouse, statement, {}, 60)
            times.append(1000 * (time.perf_counter() - start))
        rows.append([name, f"{statistics.median(times):.0f}"])
    return table(["query", f"ms at {bench.size:,} documents"], rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=Path, default=ROOT / "seeds", help="folder that sentences are taken from")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000], help="documents in each corpus")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes for the language pass")
    parser.add_argument("--baseline", type=Path, help="script to compare with, on the second-largest corpus")
    parser.add_argument("--times", type=int, default=3, help="runs of that script")
    options = parser.parse_args()
    pool = sentences(options.documents)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        benches = [Bench(scratch, size, pool) for size in sorted(options.sizes)]
        middle = benches[-2 if len(benches) > 2 else -1]
        if options.baseline is not None:
            print(against(options.baseline, middle, options.workers, scratch, options.times), flush=True)
        if options.workers > 1:
            print(processes(middle, options.workers), flush=True)
        shutil.rmtree(middle.warehouse, ignore_errors=True)
        print(growth(benches, options.workers), flush=True)
        print(latencies(benches[-1]))


if __name__ == "__main__":
    main()
