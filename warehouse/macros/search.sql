create or replace macro search(query, most := 20) as table
with query_words as (
    -- In capitals, a word of grammar is an abbreviation: IT.
    select distinct regexp_replace(if(length(word) > 1 and word = upper(word), word, lower(word)), '[''’‘][sS]$', '') as word
    from (
        select unnest(
            regexp_extract_all(nfc_normalize(query), '[\p{L}\p{M}\p{N}_]+(?:[.''’‘&-][\p{L}\p{M}\p{N}_]+)*')
        ) as word
    )
),
grammar as (
    select unnest([
        'a', 'an', 'and', 'are', 'as', 'at', 'be', 'by', 'for', 'from', 'has', 'have', 'in', 'is', 'it', 'its', 'of', 'on',
        'or', 'that', 'the', 'this', 'to', 'was', 'were', 'which', 'with'
    ]) as word
),
words as (
    -- What nearly every passage has tells none from another, and is slow to look for: it counts where nothing else is sought.
    select distinct lower(word) as word
    from query_words
    where
        word not in (select word from grammar)
        or not exists (select word from query_words where word not in (select word from grammar))
),
forms as (
    -- Terms are lemmas; of what may be a plural or a form of a verb, what it may be the form of is looked for too.
    select distinct
        word,
        unnest([
            word,
            if(contains(word, '.'), word || '.', word),  -- of an abbreviation, U.S., the term has it
            regexp_replace(word, 'ies$', 'y'),
            regexp_replace(word, 'ves$', 'f'),
            regexp_replace(word, 'ves$', 'fe'),
            regexp_replace(word, 'ses$', 'sis'),
            regexp_replace(word, 'es$', ''),
            regexp_replace(word, 's$', ''),
            regexp_replace(word, 'ied$', 'y'),
            regexp_replace(word, '(ed|ing)$', ''),
            regexp_replace(word, '(ed|ing)$', 'e'),
            if(regexp_matches(word, '(bb|dd|gg|ll|mm|nn|pp|rr|tt)(ed|ing)$'), regexp_replace(word, '.(ed|ing)$', ''), word)
        ]) as term
    from words
),
term_hits as (
    select counts.passage_id, forms.word, sum(counts.occurrences) as occurrences
    from term_counts as counts
    join forms on forms.term = counts.term
    where counts.document_id not in (select document_id from pipeline.duplicates)
    group by counts.passage_id, forms.word
),
found as (
    select word, count(*) as passages
    from term_hits
    group by word
),
rare as (
    -- Numbers, words of grammar and irregular forms are no terms, or seldom: where terms do not fill the answer, the text does.
    select words.word
    from words
    left join found on found.word = words.word
    where coalesce(found.passages, 0) < most
),
sentences_hit as materialized (
    select sentences.passage_id, sentences.document_id, rare.word, lower(sentences.text) as text
    from sentences
    join rare on contains(lower(sentences.text), rare.word)
),
text_hits as (
    -- A place of the word becomes a character that no text holds, as reading cuts it; by itself it is no part of another word.
    select
        passage_id,
        word,
        sum(len(list_filter(
            regexp_extract_all(replace(text, word, chr(1)), '[\p{L}\p{M}\p{N}_]*\x01[\p{L}\p{M}\p{N}_\x01]*'),
            lambda run: run = chr(1)
        ))) as occurrences
    from sentences_hit
    where document_id not in (select document_id from pipeline.duplicates)
    group by passage_id, word
),
hits as (
    select passage_id, word, max(occurrences) as occurrences
    from (
        select passage_id, word, occurrences from term_hits
        union all
        select passage_id, word, occurrences from text_hits where occurrences > 0
    )
    group by passage_id, word
),
lengths as (
    select passage_id, sum(word_count) as words
    from sentences
    where passage_id in (select passage_id from hits)
    group by passage_id
),
corpus as (
    select count(*) filter (position = 0) as passages, sum(word_count) / count(*) filter (position = 0) as usual_words
    from sentences
    where document_id not in (select document_id from pipeline.duplicates)
),
rarity as (
    select hits.word, ln(1 + (any_value(corpus.passages) - count(*) + 0.5) / (count(*) + 0.5)) as idf
    from hits
    cross join corpus
    group by hits.word
),
scored as (
    -- Okapi BM25 (Robertson and Zaragoza 2009) with k1 = 1.2 and b = .75; rounded, as a sum depends on the order of its parts,
    -- and passages of one score stand in that of their ids.
    select
        hits.passage_id,
        round(
            sum(
                rarity.idf * hits.occurrences * 2.2
                / (hits.occurrences + 1.2 * (0.25 + 0.75 * lengths.words / corpus.usual_words))
            ),
            9
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
    -- What a form may end in is marked with it, but for numbers and what is too short to tell one word from another; an apostrophe
    -- and a hyphen are any of their forms. The classes of letters have few ranges, as the expression is compiled for each row.
    select
        '(^|[^\w\x{C0}-\x{1FFF}])((?i:'
        || string_agg(
            replace(replace(regexp_escape(term), '\''', '[''’‘]'), '\-', '[-‐‑–]') || if(regexp_matches(term, '^(..?|.*\d\.?)$'), '\b', '[\w\x{C0}-\x{1FFF}]*'),
            '|'
            order by length(term) desc, term
        )
        || '))' as expression
    from forms
    where length(term) > 1 or term = word
)
select
    best.score,
    coalesce(documents.publication_date, documents.event_date) as date,
    if(documents.publication_date is null, documents.event_date_precision, documents.publication_date_precision)
        as date_precision,
    documents.publication_date,
    documents.title,
    documents.path,
    best.passage_id,
    regexp_replace(passages.text, pattern.expression, '\1«\2»', 'g') as text
from best
join passages on passages.passage_id = best.passage_id
join documents on documents.document_id = passages.document_id
cross join pattern
order by best.score desc, best.passage_id;

comment on macro table search is 'Passages of counted documents that have the words of a query, the best first by BM25, the words marked with « and »';
