-- The terms that some periods have, or had when the totals were last made, and what these leave without their first or last
-- word: of all others the totals stay as they are.
with changed as (
    select term from pipeline.period_terms where period in (from listed)
    union
    select term
    from pipeline.term_totals
    where list_has_any(periods, (select list(rpad(replace(value, '-', ''), 6, '0')::integer) from listed))
)
select term from changed
union
select regexp_replace(term, ' [^ ]*$', '') from changed where len(string_split(term, ' ')) > 2
union
select substr(term, strpos(term, ' ') + 1) from changed where len(string_split(term, ' ')) > 2;
