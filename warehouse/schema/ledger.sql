create table if not exists pipeline.ledger (
    stage       varchar not null,
    key_id      varchar not null,
    fingerprint varchar not null,
    inputs      varchar not null,
    recorded_at timestamp not null
);

comment on table pipeline.ledger is 'One row per stage and unit of work that is finished.';
comment on column pipeline.ledger.stage is 'The stage';
comment on column pipeline.ledger.key_id is 'The document, or * for the whole corpus';
comment on column pipeline.ledger.fingerprint is 'Digest of the settings, code, SQL and libraries that the rows were made with';
comment on column pipeline.ledger.inputs is 'Digest of the records that the rows were made from';
comment on column pipeline.ledger.recorded_at is 'When the rows were committed (UTC)';
