alter table topic_lineage add column from_label varchar;
alter table topic_lineage add column to_label varchar;

comment on column topic_lineage.from_label is 'What the topic of the model before was called; null in older links';
comment on column topic_lineage.to_label is 'What the topic of the model after was called; null in older links';
