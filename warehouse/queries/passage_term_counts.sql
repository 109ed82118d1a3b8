-- How often each lemma stands in each body passage; phrases would weigh down what is said in other words.
select passage_id, term, sum(occurrences)::bigint as occurrences
from term_counts
where not contains(term, ' ')
group by passage_id, term
order by passage_id, term;
