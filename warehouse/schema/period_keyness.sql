create table if not exists period_keyness (
    granularity           varchar not null,
    period_start          date not null,
    term                  varchar not null,
    occurrences           bigint not null,
    documents             bigint not null,
    reference_occurrences bigint not null,
    log_likelihood        double not null,
    log_ratio             double not null,
    log_odds_z            double not null,
    rank                  bigint not null,
    is_partial            boolean not null
);

comment on table period_keyness is 'One row per period and term that sets it apart from all other periods.';
comment on column period_keyness.granularity is 'month, quarter or year';
comment on column period_keyness.period_start is 'First day of the period';
comment on column period_keyness.term is 'The term';
comment on column period_keyness.occurrences is 'How often it occurs in the period';
comment on column period_keyness.documents is 'Documents of the period that it occurs in; two at least if the period has two';
comment on column period_keyness.reference_occurrences is 'How often it occurs in all other periods';
comment on column period_keyness.log_likelihood is 'Dunning''s G²: how sure it is that the rates differ; above 10.83 by chance once in a thousand';
comment on column period_keyness.log_ratio is 'How much they differ: 1 for twice as often, 2 for four times, per word, with half an occurrence added to each';
comment on column period_keyness.log_odds_z is 'Weighted log-odds with an informative Dirichlet prior, as z: both in one';
comment on column period_keyness.rank is '1 for the term with the largest z of its period';
comment on column period_keyness.is_partial is 'Whether the period is unfinished: what sets it apart may not do so in the end';
