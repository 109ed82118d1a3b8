-- What terms are counted by, the coarsest first.
select granularity
from pipeline.tested_periods
order by case granularity when 'year' then 1 when 'quarter' then 2 else 3 end;
