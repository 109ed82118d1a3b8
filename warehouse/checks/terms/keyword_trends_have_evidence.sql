-- A verdict other than insufficient has its tests and its term's total, insufficient has its gate, and a burst has a
-- beginning and an end.
select term, granularity, verdict
from keyword_trends
where (verdict = 'insufficient') <> (gate is not null)
    or (verdict = 'insufficient') <> (p_value is null)
    or (burst_start is null) <> (burst_strength is null)
    or (burst_start is null) <> (burst_end is null)
    or burst_start > burst_end
    or (verdict = 'burst' and burst_start is null)
    or verdict not in ('rising', 'falling', 'burst', 'vanished', 'steady', 'insufficient')
union all
select verdicts.term, verdicts.granularity, verdicts.verdict
from pipeline.term_verdicts as verdicts
left join pipeline.term_totals as totals on totals.term = verdicts.term
where totals.term is null;
