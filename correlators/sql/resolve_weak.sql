-- Question: where do the events without objects belong? Where others with their correlation id do; where no event at all
-- shares it, where those of their trace do. The objects that a span of that run or trace names lead there, too.
-- Grain: one event. Cost: the step's events; run only when there are such events.
INSERT INTO scratch_weak
WITH
    weak AS
    (
        SELECT event, correlation_id = '' ? 0 : cityHash64(concat('correlation_id::', correlation_id)) AS run,
            trace_id = '' ? 0 : cityHash64(concat('trace::', trace_id)) AS trace,
            [concat('correlation_id::', correlation_id), concat('trace::', trace_id)] AS keys
        FROM scratch_events WHERE empty(joinGet('scratch_shapes', 'glue_at', shape))
    ),
    runs AS (SELECT arrayJoin([run, trace]) AS run FROM weak),
    led AS
    (
        SELECT run, groupUniqArrayArray(lifecycles) AS lifecycles FROM
        (
            SELECT arrayJoin([correlation_id = '' ? 0 : cityHash64(concat('correlation_id::', correlation_id)),
                trace_id = '' ? 0 : cityHash64(concat('trace::', trace_id))]) AS run, lifecycles
            FROM scratch_placed
            WHERE notEmpty(glue_at)
            UNION ALL
            SELECT cityHash64(key) AS run, joinGet('scratch_owners', 'owned', cityHash64(arrayJoin(object_keys))) AS lifecycles
            FROM span_keys FINAL
            WHERE key IN (SELECT arrayJoin(keys) FROM weak)
        )
        WHERE run != 0 AND run IN (SELECT run FROM runs)
        GROUP BY run
    )
SELECT w.event, empty(byrun.lifecycles) ? bytrace.lifecycles : byrun.lifecycles, empty(byrun.lifecycles) ? 'trace' : 'correlation_id'
FROM weak AS w
LEFT JOIN led AS byrun ON byrun.run = w.run
LEFT JOIN led AS bytrace ON bytrace.run = w.trace
