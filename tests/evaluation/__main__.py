"""Print the scores of the raw model and of the pipeline as Markdown; `--errors` lists the pipeline's errors instead.

`python -m tests.evaluation [--errors] [FOLDER]`: the annotations of another folder are scored in the same way.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.evaluation.gold import GOLD, load_aliases, load_collections, load_pairs
from tests.evaluation.score import by_label, entities, forms, holds, partial, strict
from tests.evaluation.systems import pipeline, raw_model

_HEAD = "| set | system | mentions | precision | recall | strict F1 | partial F1 | names F1 | entities F1 |"


def main(arguments: list[str]) -> None:
    """Load the annotations, run both systems on them and print."""
    folder = Path(next((argument for argument in arguments if argument != "--errors"), GOLD))
    collections, aliases, pairs = load_collections(folder), load_aliases(folder), load_pairs(folder)
    lines = [_HEAD, "|---|---|---|---|---|---|---|---|---|"]
    labels = ["| set | label | mentions | raw model | pipeline |", "|---|---|---|---|---|"]
    merged = []
    for name, documents in collections.items():
        gold = [mention for document in documents for mention in document.mentions]
        raw, ours = raw_model(documents), pipeline(documents)
        if "--errors" in arguments:
            of_gold, of_ours = ({mention[:6]: mention for mention in mentions} for mentions in (gold, ours))
            for place in sorted(of_gold.keys() ^ of_ours.keys()):
                document, paragraph, start, _, label, text = place
                side = "missed" if place in of_gold else "wrong"
                print(name, document, paragraph, start, side, label, text, sep="\t")
            continue
        for system, found in (("raw model", raw), ("pipeline", ours)):
            exact = strict(gold, found)
            scores = (exact.precision, exact.recall, exact.f1, partial(gold, found).f1, forms(gold, found).f1)
            numbers = (f"{score:.3f}" for score in (*scores, entities(gold, found, aliases).f1))
            lines.append(f"| {name} | {system} | {exact.gold} | {' | '.join(numbers)} |")
        of_raw, of_ours = by_label(gold, raw), by_label(gold, ours)
        labels += [
            f"| {name} | {label} | {score.gold} | {of_raw[label].f1 if label in of_raw else 0:.2f} | {score.f1:.2f} |"
            for label, score in of_ours.items()
        ]
        merged += [(pair, holds(pair, ours)) for pair in pairs if pair.collection == name]
    if "--errors" in arguments:
        return
    print(*lines, "", *labels, "", sep="\n")
    for relation in ("merge", "apart"):
        outcomes = [(pair, outcome) for pair, outcome in merged if pair.relation == relation]
        held = sum(1 for _, outcome in outcomes if outcome)
        print(f"must {'merge' if relation == 'merge' else 'stay apart'}: {held} of {len(outcomes)} pairs hold")
        for pair, outcome in outcomes:
            if not outcome:
                print(
                    f"- {pair.collection}: {pair.form} / {pair.other}: {'not found' if outcome is None else 'broken'}"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
