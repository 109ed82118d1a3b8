-- The topics that are at least a twentieth of a document shown in full.
select topics.document_id, topics.topic_id, topics.weight
from document_topics as topics
join pipeline.report_documents as shown on shown.document_id = topics.document_id
where topics.weight >= 0.05
order by topics.document_id, topics.weight desc, topics.topic_id;
