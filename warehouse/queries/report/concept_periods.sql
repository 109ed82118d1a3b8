-- The wordings of each concept by period.
select concept, variant, granularity, period_start, occurrences, documents, share
from concept_variants
where granularity in (select granularity from pipeline.report_periods)
order by concept, granularity, period_start, variant
limit 20000;
