-- The mentions of an entity, by its name or an alias.
select date, date_precision, path, passage_id, start_char, end_char, text, sentence, 1 as occurrences
from entity_mentions($name);
