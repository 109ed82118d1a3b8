-- What passages were found to have in common that may be copies.
select digest_a, digest_b, similarity from pipeline.compared_passages;
