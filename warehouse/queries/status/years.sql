-- Documents by year.
select year(period_start) as year, period_documents
from pipeline.periods
where granularity = 'year'
order by year;
