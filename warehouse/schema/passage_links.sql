create table if not exists passage_links (
    passage_id_a  varchar not null,
    passage_id_b  varchar not null,
    document_id_a varchar not null,
    document_id_b varchar not null,
    similarity    double not null,
    relation      varchar not null
);

comment on table passage_links is 'One row per pair of passages in different documents that say the same; of what stands in more than fifty, each with the first and the next.';
comment on column passage_links.passage_id_a is 'The passage whose id is the lesser';
comment on column passage_links.passage_id_b is 'The other passage';
comment on column passage_links.document_id_a is 'The document of the first passage';
comment on column passage_links.document_id_b is 'The document of the other passage';
comment on column passage_links.similarity is 'Of copies, the share of word sequences in common (Jaccard, five words); of parallel passages, the cosine of their terms';
comment on column passage_links.relation is 'duplicate (word for word), near_duplicate, or parallel (the same in other words, such as two translations)';
