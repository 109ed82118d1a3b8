-- One digest over everything that a stage for the whole corpus reads. What the digests of rows come to when they are laid over
-- each other does not depend on their order, so that they need not be sorted.
select coalesce(bit_xor(md5_number(concat_ws('|', table_name, key_id, digest))), 0)::varchar as inputs
from pipeline.digests
where table_name in (select unnest($reads));
