create table if not exists document_links (
    document_id_a varchar not null,
    document_id_b varchar not null,
    similarity    double not null,
    relation      varchar not null
);

comment on table document_links is 'One row per pair of documents that say the same.';
comment on column document_links.document_id_a is 'The document whose id is the lesser';
comment on column document_links.document_id_b is 'The other document';
comment on column document_links.similarity is 'Of copies, the share of word sequences in common; of parallel documents, the share of the shorter one''s passages that are parallel';
comment on column document_links.relation is 'duplicate (the same text or body), near_duplicate, or parallel (the same in other words, such as two translations)';
