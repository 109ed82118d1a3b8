-- The texts of the passages that are asked about.
select passage_id, text
from passages
where passage_id in (from listed);
