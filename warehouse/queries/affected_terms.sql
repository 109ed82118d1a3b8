-- Some terms, and what they leave without their first or last word: it may be a piece of them.
with listed_terms as (
    select value as term, strpos(value, ' ') as first_space, strpos(reverse(value), ' ') as last_space
    from listed
),
longer as (
    select term, first_space, last_space
    from listed_terms
    where first_space > 0 and first_space + last_space <= length(term)
)
select term from listed_terms
union
select left(term, length(term) - last_space) from longer
union
select substr(term, first_space + 1) from longer;
