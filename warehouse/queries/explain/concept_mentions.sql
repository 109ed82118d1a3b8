-- The places of a concept in a period, or in all of a granularity.
select date, date_precision, path, passage_id, start_char, end_char, variant, sentence, 1 as occurrences
from concept_occurrences($name, period := $granularity)
where $start is null or period_start = $start::date;
