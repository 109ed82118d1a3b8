"""What is compared: the statistical model as it comes, and the stages `annotate` and `entities`."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from tasks.annotate import AnnotateSettings, RecognisedSpan, annotate
from tasks.clean import Passage
from tasks.entities import EntitiesSettings, Entity, EntityForm, entities
from tasks.language_model import load_model
from tasks.recognition import NAME_LABELS
from tasks.stage import collect
from tests.evaluation.gold import Document, Mention

# What the query `entity_forms` gives the stage `entities`.
FORMS_SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("text", pa.string()),
        ("label", pa.string()),
        ("stands_for", pa.string()),
        ("mentions", pa.int64()),
        ("is_duplicate", pa.bool_()),
        ("date", pa.date32()),
    ]
)


def raw_model(documents: list[Document]) -> list[Mention]:
    """The names that the model finds; each stands for itself."""
    places = [(document.name, number) for document in documents for number, _ in enumerate(document.paragraphs)]
    docs = load_model(AnnotateSettings().model).pipe(text for document in documents for text in document.paragraphs)
    return [
        Mention(*place, ent.start_char, ent.end_char, ent.label_, ent.text, ent.text)
        for place, doc in zip(places, docs, strict=True)
        for ent in doc.ents
        if ent.label_ in NAME_LABELS
    ]


def pipeline(documents: list[Document]) -> list[Mention]:
    """The names that the pipeline finds, each with the name of the entity that it resolves to among `documents`."""
    passages = [
        Passage(f"{document.name}-{number:04d}", document.name, number, "body", text, 0, len(text), None)
        for document in documents
        for number, text in enumerate(document.paragraphs)
    ]
    annotated = collect(annotate.writes, annotate.function(passages, AnnotateSettings()))
    spans = [span for span in annotated[RecognisedSpan].to_pylist() if span["label"] in NAME_LABELS]
    counted = Counter((span["document_id"], span["text"], span["label"], span["stands_for"]) for span in spans)
    rows = [
        {**dict(zip(FORMS_SCHEMA.names, form, strict=False)), "mentions": mentions, "is_duplicate": False, "date": None}
        for form, mentions in sorted(counted.items(), key=lambda item: (*item[0][:3], item[0][3] or ""))
    ]
    resolved = collect(
        entities.writes, entities.function(pa.Table.from_pylist(rows, schema=FORMS_SCHEMA), EntitiesSettings())
    )
    names = {row["entity_id"]: row["name"] for row in resolved[Entity].to_pylist()}
    stands_for = {
        (row["document_id"], row["text"], row["label"]): names[row["entity_id"]]
        for row in resolved[EntityForm].to_pylist()
    }
    return [
        Mention(
            span["document_id"],
            int(span["passage_id"].rpartition("-")[2]),
            span["start_char"],
            span["end_char"],
            span["label"],
            span["text"],
            stands_for[span["document_id"], span["text"], span["label"]],
        )
        for span in spans
    ]
