-- How many dated documents each publisher has, and how many that are dated by their month; those without one count as one
-- more: who knows that it is not.
select
    publisher,
    count(*) filter (length(period) = 7) as month_documents,
    count(*) as year_documents
from pipeline.counted_documents
where date is not null
group by publisher
order by publisher;
