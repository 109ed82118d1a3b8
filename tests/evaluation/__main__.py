"""Print the scores of the raw model and of the pipeline as Markdown; `--errors` lists the pipeline's errors instead.

`python -m tests.evaluation [--errors] [FOLDER]`: the annotations of another folder are scored in the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.evaluation.gold import GOLD, Aliases, Mention, Pair, load_aliases, load_collections, load_pairs
from tests.evaluation.score import Score, by_label, entities, forms, holds, partial, strict
from tests.evaluation.systems import pipeline, raw_model


def summary(collection: str, system: str, gold: list[Mention], found: list[Mention], aliases: Aliases) -> str:
    """A row of the main table."""
    exact = strict(gold, found)
    f1 = (exact, partial(gold, found), forms(gold, found), entities(gold, found, aliases))
    numbers = (exact.precision, exact.recall, *(score.f1 for score in f1))
    return f"| {collection} | {system} | {' | '.join(f'{number:.3f}' for number in numbers)} |"


def label_rows(collection: str, gold: list[Mention], raw: list[Mention], ours: list[Mention]) -> Iterator[str]:
    """The rows of the table by label."""
    of_raw, of_ours = by_label(gold, raw), by_label(gold, ours)
    none = Score(0, 0, 0)
    for label in sorted({mention.label for mention in gold}):
        before, after = of_raw.get(label, none), of_ours[label]
        yield f"| {collection} | {label} | {after.gold} | {before.f1:.3f} | {after.f1:.3f} |"


def error_rows(collection: str, gold: list[Mention], found: list[Mention]) -> Iterator[str]:
    """What was missed and what was wrong, in reading order, tab-separated."""
    places = {mention[:-1] for mention in gold}
    for mention in sorted(places ^ {mention[:-1] for mention in found}):
        document, paragraph, start, _, label, text = mention
        yield "\t".join(
            (collection, document, str(paragraph), str(start), "missed" if mention in places else "wrong", label, text)
        )


def pair_rows(outcomes: list[tuple[Pair, bool | None]]) -> Iterator[str]:
    """How many pairs hold, and those that do not."""
    for relation, words in (("merge", "must merge"), ("apart", "must stay apart")):
        of_relation = [(pair, outcome) for pair, outcome in outcomes if pair.relation == relation]
        yield f"{words}: {sum(outcome is True for _, outcome in of_relation)} of {len(of_relation)} pairs hold"
        for pair, outcome in of_relation:
            if not outcome:
                reason = "broken" if outcome is False else "not found"
                yield f"- {pair.collection}: {pair.form} / {pair.other}: {reason}"


def main(arguments: list[str]) -> None:
    """Load the annotations, run both systems on them and print."""
    folder = Path(next((argument for argument in arguments if argument != "--errors"), GOLD))
    aliases, pairs = load_aliases(folder), load_pairs(folder)
    lines = [
        "| set | system | precision | recall | strict F1 | partial F1 | names F1 | entities F1 |",
        "|---" * 8 + "|",
    ]
    labels = ["| set | label | mentions | raw model F1 | pipeline F1 |", "|---" * 5 + "|"]
    outcomes: list[tuple[Pair, bool | None]] = []
    errors: list[str] = []
    for name, documents in load_collections(folder).items():
        gold = [mention for document in documents for mention in document.mentions]
        raw, ours = raw_model(documents), pipeline(documents)
        lines += [summary(name, "raw model", gold, raw, aliases), summary(name, "pipeline", gold, ours, aliases)]
        labels += label_rows(name, gold, raw, ours)
        outcomes += [(pair, holds(pair, ours)) for pair in pairs if pair.collection == name]
        errors += error_rows(name, gold, ours)
    print(*(errors if "--errors" in arguments else [*lines, "", *labels, "", *pair_rows(outcomes)]), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
