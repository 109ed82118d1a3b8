-- Every topic model that there has been, the first one first.
select
    model_id,
    number,
    status,
    topic_count,
    documents,
    passages,
    tokens,
    corpus_tokens,
    vocabulary,
    terms,
    shortest_unit,
    longest_unit,
    seed,
    coherence_npmi,
    stability,
    candidates
from pipeline.topic_fits
order by number;
