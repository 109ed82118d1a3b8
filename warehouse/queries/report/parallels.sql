-- Passages of different documents that say the same in other words: the likest of the longest, forty pairs.
with compared as (
    select
        links.relation,
        links.similarity,
        links.passage_id_a,
        links.document_id_a,
        links.passage_id_b,
        links.document_id_b,
        links.similarity * least(a.end_char - a.start_char, b.end_char - b.start_char, 600) as weight
    from passage_links as links
    join passages as a on a.passage_id = links.passage_id_a
    join passages as b on b.passage_id = links.passage_id_b
    where links.relation <> 'duplicate'
),
shown as materialized (
    select relation, similarity, passage_id_a, document_id_a, passage_id_b, document_id_b, weight
    from compared
    qualify row_number() over (partition by document_id_a, document_id_b order by weight desc, passage_id_a, passage_id_b) <= 8
    order by weight desc, passage_id_a, passage_id_b
    limit 40
),
texts as materialized (
    select passage_id, text[:2500] as text
    from passages
    where passage_id in (select passage_id_a from shown union all select passage_id_b from shown)
)
select
    shown.relation,
    shown.similarity,
    shown.passage_id_a,
    shown.document_id_a,
    a.text as text_a,
    shown.passage_id_b,
    shown.document_id_b,
    b.text as text_b
from shown
join texts as a on a.passage_id = shown.passage_id_a
join texts as b on b.passage_id = shown.passage_id_b
order by shown.weight desc, shown.passage_id_a, shown.passage_id_b;
