create table if not exists concepts (
    concept  varchar not null,
    variants varchar[] not null,
    note     varchar
);

comment on table concepts is 'One row per concept of the watchlist.';
comment on column concepts.concept is 'The concept';
comment on column concepts.variants is 'The wordings that stand for it';
comment on column concepts.note is 'The analyst''s note';
