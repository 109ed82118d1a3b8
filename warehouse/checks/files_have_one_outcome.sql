-- Every file is a document or has one rejection, and not both; a document without a body has both.
with outcomes as (
    select path, 'document' as outcome from documents where word_count > 0
    union all
    select path, status from rejections
)
select files.path, count(outcomes.path) as outcomes
from pipeline.files
left join outcomes on outcomes.path = files.path
where files.reason is null or files.reason <> 'analyst_file'
group by files.path
having count(outcomes.path) <> 1;
