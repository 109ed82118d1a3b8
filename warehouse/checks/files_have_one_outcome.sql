-- Every file is a document or has one rejection, and not both.
with outcomes as (
    select path, 'document' as outcome from documents
    union all
    select path, status from rejections
)
select files.path, count(outcomes.path) as outcomes
from pipeline.files
left join outcomes on outcomes.path = files.path
group by files.path
having count(outcomes.path) <> 1;
