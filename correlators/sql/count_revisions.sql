-- Question: how many corrected or withdrawn events are in this step? (They make old keys and relations go.)
-- Parameters: since, upto UInt64. Cost: the events of the step.
SELECT countIf(revision > 0 OR is_withdrawn) AS revisions
FROM event_versions
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
