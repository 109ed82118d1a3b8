-- What sets a period apart by a term.
select occurrences, reference_occurrences, log_likelihood, log_ratio, log_odds_z, rank
from period_keyness
where term = lower($term) and granularity = $granularity and period_start = $start::date;
