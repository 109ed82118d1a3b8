-- One digest over everything that a stage for the whole corpus reads.
select md5(coalesce(string_agg(table_name || key_id || digest, '|' order by table_name, key_id), '')) as inputs
from pipeline.digests
where table_name in (select unnest($reads));
