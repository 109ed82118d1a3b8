-- A check of documents does not look at all of them in every run.
alter table check_results add column documents bigint;

comment on column check_results.documents is 'Documents it looked at: all, or those that the run worked on and a part of the others in turn; null in older runs';
