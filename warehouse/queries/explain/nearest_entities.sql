-- Entities whose names or aliases are most like a name.
select name
from entities
order by greatest(
    jaro_winkler_similarity(lower(name), lower($name)),
    coalesce(list_max(list_transform(aliases, lambda alias: jaro_winkler_similarity(lower(alias), lower($name)))), 0)
) desc, mention_count desc, name
limit 3;
