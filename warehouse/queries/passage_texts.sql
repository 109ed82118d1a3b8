-- The texts of the passages that are asked about.
select passage_id, text
from passages
where rowid in (
    -- So no more texts are read than lie about these.
    select rowid from passages where passage_id in (from listed)
);
