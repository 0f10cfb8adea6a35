-- Question: what in this step makes earlier keys and relations go? Corrected or withdrawn events, and declared objects.
-- Parameters: since, upto UInt64. Cost: the events and declarations of the step.
SELECT
    (
        SELECT countIf(revision > 0 OR is_withdrawn) FROM event_versions
        WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    ) AS revisions,
    (
        SELECT count() FROM object_declarations WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    ) AS declarations
