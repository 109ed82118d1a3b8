-- The documents that a stage has done and whose input is gone.
select ledger.key_id
from pipeline.ledger as ledger
where ledger.stage = $stage
    and ledger.key_id not in (select key_id from pipeline.digests where table_name = $reads)
order by ledger.key_id;
