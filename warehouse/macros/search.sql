create or replace macro search(query, most := 20) as table
with words as (
    select distinct unnest(regexp_extract_all(lower(query), '[\w''’-]+')) as word
),
forms as (
    -- Terms are lemmas; of what may be a plural or a form of a verb, what it may be the form of is looked for too.
    select distinct
        word,
        unnest([
            word,
            regexp_replace(word, 'ies$', 'y'),
            regexp_replace(word, 'es$', ''),
            regexp_replace(word, 's$', ''),
            regexp_replace(word, 'ied$', 'y'),
            regexp_replace(word, '(ed|ing)$', ''),
            regexp_replace(word, '(ed|ing)$', 'e'),
            if(regexp_matches(word, '(bb|dd|gg|ll|mm|nn|pp|rr|tt)(ed|ing)$'), regexp_replace(word, '.(ed|ing)$', ''), word)
        ]) as term
    from words
),
hits as (
    select counts.passage_id, forms.word, sum(counts.occurrences) as occurrences
    from term_counts as counts
    join forms on forms.term = counts.term
    where counts.document_id not in (select document_id from pipeline.duplicates)
    group by counts.passage_id, forms.word
),
lengths as (
    select passage_id, sum(word_count) as words
    from sentences
    group by passage_id
),
corpus as (
    select count(*) as passages, avg(words) as usual_words
    from lengths
),
rarity as (
    select hits.word, ln(1 + (any_value(corpus.passages) - count(*) + 0.5) / (count(*) + 0.5)) as idf
    from hits
    cross join corpus
    group by hits.word
),
scored as (
    -- Okapi BM25 (Robertson and Zaragoza 2009) with k1 = 1.2 and b = .75.
    select
        hits.passage_id,
        sum(
            rarity.idf * hits.occurrences * 2.2
            / (hits.occurrences + 1.2 * (0.25 + 0.75 * lengths.words / corpus.usual_words))
        ) as score
    from hits
    join rarity on rarity.word = hits.word
    join lengths on lengths.passage_id = hits.passage_id
    cross join corpus
    group by hits.passage_id
),
best as (
    -- Before any text is looked at: many passages have a common word.
    select passage_id, score
    from scored
    order by score desc, passage_id
    limit most
),
pattern as (
    select '(?i)\b(' || string_agg(regexp_escape(term), '|' order by length(term) desc, term) || ')\w*' as expression
    from forms
    where length(term) > 1
)
select
    best.score,
    coalesce(documents.publication_date, documents.event_date) as date,
    documents.publication_date,
    documents.title,
    documents.path,
    best.passage_id,
    regexp_replace(passages.text, pattern.expression, '«\0»', 'g') as text
from best
join passages on passages.passage_id = best.passage_id
join documents on documents.document_id = passages.document_id
cross join pattern
order by best.score desc, best.passage_id;

comment on macro table search is 'Passages of counted documents that have the words of a query, the best first by BM25, the words marked with « and »';
