create or replace macro pipeline.is_called(known_name, wanted_name) as
    regexp_replace(translate(lower(known_name), '’‘‐‑–', '''''---'), '^(the|a|an) ', '')
    = regexp_replace(translate(lower(wanted_name), '’‘‐‑–', '''''---'), '^(the|a|an) ', '');

comment on macro pipeline.is_called is 'Whether a name is the one that is wanted, whatever its case, article, apostrophes and hyphens';
