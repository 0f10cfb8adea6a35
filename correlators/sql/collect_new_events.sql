-- Question: which events came, each in its newest version? A version that a later segment replaces is left out: what was
-- written of it stays until that segment's turn.
-- Parameters: since, upto UInt64. Grain: one event. Cost: the events of the step.
INSERT INTO scratch_events
WITH
    {{part keys}},
    {{part revised}}
SELECT
    true,
    {{part told_event}}
FROM event_versions
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND NOT is_withdrawn AND {{part newest}}
