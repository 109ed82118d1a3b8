-- For each term shown, its six latest sentences in dated documents that are counted.
with latest as (
    select
        counts.term,
        unnest(max_by(counts.sentence_id, {'date': dates.date, 'sentence_id': counts.sentence_id}, 6)) as sentence_id
    from term_counts as counts
    join pipeline.report_terms as shown on shown.term = counts.term
    join pipeline.document_dates as dates on dates.document_id = counts.document_id
    where counts.document_id not in (select document_id from pipeline.duplicates)
    group by counts.term
)
select latest.term, sentences.sentence_id, sentences.document_id, sentences.passage_id, sentences.text
from latest
join sentences on sentences.sentence_id = latest.sentence_id
join pipeline.document_dates as dates on dates.document_id = sentences.document_id
order by latest.term, dates.date desc, sentences.sentence_id;
