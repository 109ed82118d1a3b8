-- Files that somebody should look at, with the reason; at most 500.
select path, stage, reason, detail
from rejections
where status = 'quarantined'
order by path
limit 500;
