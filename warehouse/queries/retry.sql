-- Note as pending, like those whose input has changed, the documents that may be read otherwise now: those that were refused for
-- a reason that passes, those that a stage broke down on that is made otherwise now, and those with a date that was still to come
-- by the day of which they were last read and is not any more, or the other way about.
update pipeline.ledger
set inputs = ''
where stage = $stage
    and (
        key_id in (select document_id from pipeline.refusals where reason in (select unnest($passing::varchar[])))
        or key_id in (
            select document_id
            from pipeline.refusals
            where made_with is not null and made_with not in (select unnest($current::varchar[]))
        )
        or key_id in (
            select document_id
            from main.date_candidates
            where (problem = 'future' and date <= $today) or (problem is null and date > $today)
        )
    );
