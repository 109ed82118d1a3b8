-- The sentences with a term in a period, or in all of a granularity.
select date, date_precision, path, passage_id, sentence_id, sentence, occurrences
from term_occurrences($term, period := $granularity)
where $start is null or period_start = $start::date;
