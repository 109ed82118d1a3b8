-- For each term shown, its six latest sentences in dated documents that are counted.
with dated as materialized (
    select document_id, date
    from pipeline.document_dates
    where document_id not in (select document_id from pipeline.duplicates)
),
-- Most terms have six in the newest documents, and few documents are found without reading all; the others are searched for.
newest as materialized (
    select document_id, date
    from dated
    order by date desc, document_id
    limit 50
),
recent_counts as materialized (
    select counts.term, counts.sentence_id, newest.date
    from newest
    join term_counts as counts on counts.document_id = newest.document_id
),
recent as materialized (
    select counts.term, counts.sentence_id, counts.date
    from recent_counts as counts
    join pipeline.report_terms as shown on shown.term = counts.term
),
frequent as materialized (
    -- On the last of their days there may be more documents.
    select term
    from recent
    where date > (select min(date) from newest)
    group by term
    having count(*) >= 6
),
others as materialized (
    select term
    from pipeline.report_terms
    where term not in (select term from frequent)
),
found as (
    select recent.term, recent.sentence_id, recent.date
    from recent
    join frequent on frequent.term = recent.term
    union all
    select counts.term, counts.sentence_id, dated.date
    from term_counts as counts
    join others on others.term = counts.term
    join dated on dated.document_id = counts.document_id
),
latest as (
    select term, unnest(max_by(sentence_id, {'date': date, 'sentence_id': sentence_id}, 6)) as sentence_id
    from found
    group by term
)
select latest.term, sentences.sentence_id, sentences.document_id, sentences.passage_id, sentences.text
from latest
join sentences on sentences.sentence_id = latest.sentence_id
join pipeline.document_dates as dates on dates.document_id = sentences.document_id
order by latest.term, dates.date desc, sentences.sentence_id;
