-- A verdict other than insufficient has its test, and insufficient has its gate.
select term, granularity, verdict
from keyword_trends
where (verdict = 'insufficient') <> (gate is not null)
    or (verdict = 'insufficient') <> (p_value is null)
    or verdict not in ('rising', 'falling', 'steady', 'insufficient');
