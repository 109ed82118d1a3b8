-- Passages of different documents that say the same in other words: the likest of the longest, forty pairs.
select
    links.relation,
    links.similarity,
    links.passage_id_a,
    links.document_id_a,
    a.text[:2500] as text_a,
    links.passage_id_b,
    links.document_id_b,
    b.text[:2500] as text_b
from passage_links as links
join passages as a on a.passage_id = links.passage_id_a
join passages as b on b.passage_id = links.passage_id_b
where links.relation <> 'duplicate'
qualify
    row_number() over (
        partition by links.document_id_a, links.document_id_b
        order by links.similarity * least(length(a.text), length(b.text), 600) desc, links.passage_id_a, links.passage_id_b
    ) <= 8
order by
    links.similarity * least(length(a.text), length(b.text), 600) desc,
    links.passage_id_a,
    links.passage_id_b
limit 40;
