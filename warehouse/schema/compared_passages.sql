create table if not exists pipeline.compared_passages (
    digest_a   bigint not null,
    digest_b   bigint not null,
    similarity double not null
);

comment on table pipeline.compared_passages is 'One row per two wordings of passages that were compared, as one may be a copy of the other: while they stay, so does what they have in common.';
comment on column pipeline.compared_passages.digest_a is 'Digest of the words of one, the lesser of the two';
comment on column pipeline.compared_passages.digest_b is 'Digest of the words of the other';
comment on column pipeline.compared_passages.similarity is 'Jaccard similarity of their sequences of five words';
