-- Question: which events without objects lead to no lifecycle, and which do by now, or are no longer such events?
-- Parameters: version UInt64. Cost: the events of the step and those without objects that share a run with them.
INSERT INTO unmatched_event_rows
WITH
    lost AS
    (
        SELECT source, event_id FROM scratch_events
        WHERE empty(joinGet('scratch_shapes', 'glue_at', shape)) AND empty(joinGet('scratch_weak', 'lifecycles', event))
    ),
    stored AS
    (
        SELECT * FROM unmatched_event_rows FINAL
        WHERE (source, event_id) IN
        (
            SELECT source, event_id FROM scratch_events WHERE is_new AND empty(joinGet('scratch_shapes', 'glue_at', shape))
            UNION ALL
            SELECT source, event_id FROM scratch_replaced
        )
    )
SELECT source, event_id, event_type, occurred_at, received_at, {version:UInt64}, 0
FROM event_versions FINAL
WHERE (source, event_id) IN (SELECT source, event_id FROM lost) AND (source, event_id) NOT IN (SELECT source, event_id FROM stored WHERE (source, event_id) NOT IN (SELECT source, event_id FROM scratch_replaced))
UNION ALL
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted) FROM stored
WHERE (source, event_id) NOT IN (SELECT source, event_id FROM lost)
