create table if not exists document_topics (
    document_id varchar not null,
    topic_id    varchar not null,
    model_id    varchar not null,
    weight      double not null
);

comment on table document_topics is 'One row per document and topic.';
comment on column document_topics.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column document_topics.topic_id is 'The topic';
comment on column document_topics.model_id is 'The model that placed the document';
comment on column document_topics.weight is 'Share of the topic in the document; a document''s weights sum to 1';
