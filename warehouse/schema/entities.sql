create table if not exists entities (
    entity_id      varchar not null,
    name           varchar not null,
    label          varchar not null,
    aliases        varchar[],
    mention_count  bigint not null,
    document_count bigint not null,
    first_date     date,
    last_date      date
);

comment on table entities is 'One row per real-world entity.';
comment on column entities.entity_id is 'The entity, by a digest of its kind and name';
comment on column entities.name is 'Its name: the gazetteer''s, else the commonest full form';
comment on column entities.label is 'Its OntoNotes label';
comment on column entities.aliases is 'The other forms that stand for it, the commonest first';
comment on column entities.mention_count is 'Mentions, without those in documents that repeat another';
comment on column entities.document_count is 'Documents that mention it, without those that repeat another';
comment on column entities.first_date is 'Date of the first dated document that mentions it: of its publication or, without one, of its event';
comment on column entities.last_date is 'Date of the last dated document that mentions it';
