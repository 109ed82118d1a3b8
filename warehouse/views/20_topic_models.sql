create or replace view topic_models as
with fitted as (
    select model_id, min(recorded_at) as fitted_at
    from topic_runs
    group by model_id
)
select
    fits.model_id,
    fitted.fitted_at,
    fits.topic_count,
    fits.documents,
    fits.passages,
    fits.tokens,
    fits.vocabulary,
    1 - fits.tokens / nullif(fits.corpus_tokens, 0) as unknown_share,
    fits.seed,
    fits.coherence_npmi,
    fits.stability,
    fits.candidates,
    fits.status,
    fits.status = 'active' as is_active
from pipeline.topic_fits as fits
left join fitted on fitted.model_id = fits.model_id;

comment on view topic_models is 'One row per fitted model.';
comment on column topic_models.model_id is 'The model, by a digest of its topics';
comment on column topic_models.fitted_at is 'When it was taken (UTC)';
comment on column topic_models.topic_count is 'Number of topics';
comment on column topic_models.documents is 'Documents it was fitted on';
comment on column topic_models.passages is 'Passages it was fitted on';
comment on column topic_models.tokens is 'Occurrences of its terms that it was fitted on';
comment on column topic_models.vocabulary is 'Terms in its vocabulary';
comment on column topic_models.unknown_share is 'Share of the occurrences of terms that its vocabulary lacked from the first';
comment on column topic_models.seed is 'Random seed of the fit';
comment on column topic_models.coherence_npmi is 'Mean coherence of its topics: NPMI of their ten top terms, from -1 to 1';
comment on column topic_models.stability is 'Likeness of the topics of fits to samples, from 0 to 1; null for one sample';
comment on column topic_models.candidates is 'Trials among which its number of topics was chosen';
comment on column topic_models.status is 'active, retired, or set_aside (it would have lost too many labels)';
comment on column topic_models.is_active is 'Whether the topics are of this model';
