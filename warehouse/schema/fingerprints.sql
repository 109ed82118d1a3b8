create table if not exists pipeline.fingerprints (
    stage varchar not null,
    part  varchar not null,
    value varchar not null
);

comment on table pipeline.fingerprints is 'One row per stage and part of its fingerprint, so that a plan can say what has changed.';
comment on column pipeline.fingerprints.stage is 'The stage';
comment on column pipeline.fingerprints.part is 'A setting, module, SQL file, data file or library';
comment on column pipeline.fingerprints.value is 'Its value or digest';
