create or replace view entity_cooccurrence as
with named as (
    select distinct sentence_id, document_id, entity_id
    from main.mentions
    where sentence_id is not null
        and entity_id is not null
        and document_id not in (select document_id from pipeline.duplicates)
),
totals as (
    select entity_id, count(*) as sentences
    from named
    group by entity_id
),
corpus as (
    select count(distinct sentence_id) as sentences
    from named
),
pairs as (
    select
        a.entity_id as entity_id_a,
        b.entity_id as entity_id_b,
        count(*) as sentences,
        count(distinct a.document_id) as documents
    from named as a
    join named as b on b.sentence_id = a.sentence_id and b.entity_id > a.entity_id
    group by a.entity_id, b.entity_id
)
select
    pairs.entity_id_a,
    a.name as name_a,
    pairs.entity_id_b,
    b.name as name_b,
    pairs.sentences,
    pairs.documents,
    totals_a.sentences as sentences_a,
    totals_b.sentences as sentences_b,
    totals_a.sentences * totals_b.sentences / corpus.sentences as expected,
    -- Below three sentences the measure rests on chance; a pair in every sentence has no logarithm to divide by.
    case
        when pairs.sentences >= 3 and pairs.sentences < corpus.sentences
            then ln(pairs.sentences * corpus.sentences / (totals_a.sentences * totals_b.sentences))
                / -ln(pairs.sentences / corpus.sentences)
    end as npmi
from pairs
cross join corpus
join totals as totals_a on totals_a.entity_id = pairs.entity_id_a
join totals as totals_b on totals_b.entity_id = pairs.entity_id_b
join main.entities as a on a.entity_id = pairs.entity_id_a
join main.entities as b on b.entity_id = pairs.entity_id_b;

comment on view entity_cooccurrence is 'One row per pair of entities that stand in one sentence; documents that repeat another are not counted.';
comment on column entity_cooccurrence.entity_id_a is 'The entity of the pair whose id is the lesser';
comment on column entity_cooccurrence.name_a is 'Its name';
comment on column entity_cooccurrence.entity_id_b is 'The other entity';
comment on column entity_cooccurrence.name_b is 'Its name';
comment on column entity_cooccurrence.sentences is 'Sentences that name both';
comment on column entity_cooccurrence.documents is 'Documents with such a sentence';
comment on column entity_cooccurrence.sentences_a is 'Sentences that name the first';
comment on column entity_cooccurrence.sentences_b is 'Sentences that name the second';
comment on column entity_cooccurrence.expected is 'Sentences that would name both if they were named independently, among all sentences that name an entity';
comment on column entity_cooccurrence.npmi is 'Normalised pointwise mutual information, from -1 to 1 (Bouma 2009); null below three sentences';
