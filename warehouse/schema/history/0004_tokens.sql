comment on column pipeline.topic_fits.corpus_tokens is 'Nouns outside of names in the corpus when it was fitted';
comment on column topic_runs.tokens is 'Nouns outside of names in the corpus';
