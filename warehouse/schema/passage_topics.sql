create table if not exists passage_topics (
    passage_id  varchar not null,
    document_id varchar not null,
    topic_id    varchar not null,
    occurrences double not null,
    weight      double not null
);

comment on table passage_topics is 'One row per passage and topic that it is about to a noticeable share.';
comment on column passage_topics.passage_id is 'The passage';
comment on column passage_topics.document_id is 'The document, by the first 16 digits of its file''s SHA-256';
comment on column passage_topics.topic_id is 'The topic';
comment on column passage_topics.occurrences is 'Occurrences of terms that the topic accounts for; documents, shares and trends sum these up';
comment on column passage_topics.weight is 'Share of the topic in the passage; a passage''s weights sum to 1';
