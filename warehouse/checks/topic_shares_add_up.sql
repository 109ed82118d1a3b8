-- The shares of the topics are one whole.
select sum(share) as total from topics having abs(sum(share) - 1) > 1e-6;
