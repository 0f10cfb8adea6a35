-- Question: which lifecycles do new spans speak of, by the objects they hold or show or by their runs? Parameters: since, upto UInt64.
-- Cost: the span links of the step.
INSERT INTO scratch_grown
SELECT DISTINCT lifecycle_id FROM
(
    SELECT arrayJoin(arrayConcat(lifecycle_ids, shown_in)) AS lifecycle_id FROM object_rows FINAL
    WHERE object_key IN
    (
        SELECT arrayJoin(object_keys) FROM span_links WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    )
    UNION ALL
    SELECT lifecycle_id FROM run_lifecycles
    WHERE run IN
    (
        SELECT arrayJoin([cityHash64(concat('correlation_id::', correlation_id)), cityHash64(concat('trace::', trace_id))])
        FROM span_links WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    )
)
WHERE lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_affected) AND lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_grown)
