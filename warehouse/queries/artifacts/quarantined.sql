-- Some of the files that somebody should look at, with the reason.
select path, reason, detail
from rejections
where status = 'quarantined'
order by path
limit $most;
