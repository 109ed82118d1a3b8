-- The years of a term, and its undated occurrences, make its total.
with years as (
    select term, sum(occurrences) as occurrences from keyword_counts where granularity = 'year' group by term
)
select terms.term, terms.occurrences, years.occurrences as in_years, terms.undated_occurrences
from terms
left join years on years.term = terms.term
where exists (from keyword_counts where granularity = 'year')
    and terms.occurrences <> coalesce(years.occurrences, 0) + terms.undated_occurrences;
