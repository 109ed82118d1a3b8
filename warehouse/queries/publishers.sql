-- How many dated documents each publisher has; those without one count as one more: who knows that it is not.
select publisher, count(*) as documents
from pipeline.counted_documents
where date is not null
group by publisher
order by publisher;
