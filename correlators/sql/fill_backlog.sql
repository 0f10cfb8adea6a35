-- Question: which events wait, each with the label of what it hangs together with? Those that name no object that glues are
-- left to fill_weak_backlog. Parameters: since, upto UInt64, rounds UInt16. Grain: one event. Cost: the waiting events.
INSERT INTO backlog_events
WITH
    {{part keys}},
    {{part gluing}},
    {{part label}},
    {{part revised}}
SELECT
    label_of(gluing_nodes(objects, links)[1]), segment, true,
    {{part told_event}}
FROM event_versions
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND NOT is_withdrawn AND notEmpty(gluing_nodes(objects, links)) AND {{part newest}}
