-- The terms of which there is something else to say once some periods have changed: those that these have, now or when the
-- totals were last made, and whose counts are others than then; and what they leave without their first or last word.
with touched as (
    select term from pipeline.period_terms where period in (from listed)
    union
    select term
    from (select term, unnest(periods) as period from pipeline.term_totals)
    where period in (select rpad(replace(value, '-', ''), 6, '0')::integer from listed)
),
counted as (
    select counts.term, (bit_xor(hash(counts)) >> 1)::bigint as series
    from pipeline.period_terms as counts
    where counts.term in (from touched)
    group by counts.term
),
changed as (
    select touched.term
    from touched
    left join counted on counted.term = touched.term
    left join pipeline.term_totals as before on before.term = touched.term
    where counted.series is distinct from before.series
)
select term from changed
union
select regexp_replace(term, ' [^ ]*$', '') from changed where len(string_split(term, ' ')) > 2
union
select substr(term, strpos(term, ' ') + 1) from changed where len(string_split(term, ' ')) > 2;
