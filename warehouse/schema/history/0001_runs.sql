-- What a run cannot rebuild. These tables are changed by numbered files only, each applied once.
create table runs (
    run_id            varchar not null,
    started_at        timestamp not null,
    finished_at       timestamp,
    status            varchar not null,
    added             bigint not null,
    changed           bigint not null,
    renamed           bigint not null,
    removed           bigint not null,
    quarantined       bigint not null,
    notices           varchar[] not null,
    error             varchar
);

create table stage_runs (
    run_id            varchar not null,
    stage             varchar not null,
    processed         bigint not null,
    removed           bigint not null,
    rows              bigint not null,
    seconds           double not null
);

create table check_results (
    run_id            varchar not null,
    check_name        varchar not null,
    violations        bigint not null,
    is_passed         boolean not null,
    example           varchar
);

create table pipeline.first_seen (
    document_id       varchar not null,
    first_seen_at     timestamp not null
);

comment on table runs is 'One row per run that had work to do.';
comment on column runs.run_id is 'The run, by the time at which it started';
comment on column runs.started_at is 'When it started (UTC)';
comment on column runs.finished_at is 'When it ended (UTC); null while it goes on or if it was killed';
comment on column runs.status is 'running, published, failed (an error), rejected (a check failed, so it was not published) or interrupted';
comment on column runs.added is 'Files that are new since the run before';
comment on column runs.changed is 'Files whose content has changed';
comment on column runs.renamed is 'Files that have another name and the same content';
comment on column runs.removed is 'Files that are gone';
comment on column runs.quarantined is 'Files that could not be taken in, at the end of the run';
comment on column runs.notices is 'What is wrong in the analyst''s own files, by line';
comment on column runs.error is 'What made it fail';

comment on table stage_runs is 'One row per stage of a run.';
comment on column stage_runs.run_id is 'The run';
comment on column stage_runs.stage is 'The stage';
comment on column stage_runs.processed is 'Documents it worked on, or months where it sums them up; 1 for a stage that takes the whole corpus';
comment on column stage_runs.removed is 'Documents whose rows it took away because they are gone';
comment on column stage_runs.rows is 'Rows it wrote';
comment on column stage_runs.seconds is 'How long it took';

comment on table check_results is 'One row per check of a run.';
comment on column check_results.run_id is 'The run';
comment on column check_results.check_name is 'The check, by the name of its file in warehouse/checks';
comment on column check_results.violations is 'Rows that break it';
comment on column check_results.is_passed is 'Whether no row breaks it';
comment on column check_results.example is 'One of the rows that break it';

comment on table pipeline.first_seen is 'One row per document: when its content was first met with.';
comment on column pipeline.first_seen.document_id is 'The document';
comment on column pipeline.first_seen.first_seen_at is 'When a run first met with it (UTC)';
