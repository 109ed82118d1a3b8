create table pipeline.first_published (
    document_id varchar not null,
    run_id      varchar not null
);

insert into pipeline.first_published
select first_seen.document_id, published.run_id
from pipeline.first_seen
cross join (select max(run_id) as run_id from runs where status = 'published') as published
where published.run_id is not null;

comment on table pipeline.first_published is 'One row per document: the run that published it when the version before was without it.';
comment on column pipeline.first_published.document_id is 'The document';
comment on column pipeline.first_published.run_id is 'The run';
