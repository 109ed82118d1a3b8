-- The documents that a stage has to do, and why: it has not done them yet, their input has changed, or the stage has.
select
    digests.key_id,
    digests.digest,
    case
        when ledger.key_id is null then 'new'
        when ledger.inputs <> digests.digest then 'input'
        else 'stage'
    end as reason
from pipeline.digests as digests
left join pipeline.ledger as ledger on ledger.stage = $stage and ledger.key_id = digests.key_id
where digests.table_name = $reads
    and (ledger.key_id is null or ledger.inputs <> digests.digest or ledger.fingerprint <> $fingerprint)
order by digests.key_id;
