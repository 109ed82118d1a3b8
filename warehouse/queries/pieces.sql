-- Which of some terms are pieces of others. A phrase that nearly always stands in one longer phrase is one: `economy governance`.
-- So is what nearly always opens one phrase or another, `executive vice`: its head is missing.
with counted as (
    select term, sum(occurrences) as occurrences, len(string_split(term, ' ')) as word_count
    from pipeline.period_terms
    where term in (from listed) and contains(term, ' ')
    group by term
),
longer as (
    select term, occurrences from counted where word_count > 2
    union all
    select term, occurrences from pipeline.term_totals where word_count > 2 and term not in (from listed)
),
parts as (
    select substr(term, strpos(term, ' ') + 1) as part, false as is_opening, occurrences from longer
    union all
    select regexp_replace(term, ' [^ ]*$', '') as part, true as is_opening, occurrences from longer
),
wholes as (
    select
        part,
        max(occurrences) as in_one,
        coalesce(sum(occurrences) filter (is_opening), 0) as opening
    from parts
    where part in (select term from counted)
    group by part
)
select counted.term
from counted
join wholes on wholes.part = counted.term
where wholes.in_one >= 0.8 * counted.occurrences or wholes.opening >= 0.9 * counted.occurrences;
