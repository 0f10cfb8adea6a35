-- Question: which waiting events name no object that glues? They go with one that shares their run, where there is one.
-- Parameters: since, upto UInt64. Grain: one event. Cost: the waiting events.
INSERT INTO backlog_events
WITH
    {{part keys}},
    {{part gluing}},
    {{part revised}},
    weak AS
    (
        SELECT
            segment, true AS is_new,
            {{part told_event}} AS takes_it
        FROM event_versions
        WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND NOT is_withdrawn AND empty(gluing_nodes(objects, links)) AND {{part newest}}
    ),
    runs AS
    (
        SELECT arrayJoin(arrayFilter(r -> r.2 != '', [('c', correlation_id), ('t', trace_id)])) AS run, min(label) AS label FROM backlog_events
        WHERE correlation_id IN (SELECT correlation_id FROM weak WHERE correlation_id != '') OR trace_id IN (SELECT trace_id FROM weak WHERE trace_id != '')
        GROUP BY run
    )
SELECT c.label != 0 ? c.label : t.label, w.*
FROM weak AS w
LEFT JOIN runs AS c ON c.run = ('c', w.correlation_id)
LEFT JOIN runs AS t ON t.run = ('t', w.trace_id)
