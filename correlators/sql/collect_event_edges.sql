-- Question: which relations do the events of this step prove? From the subject to every other object that a rule of a
-- journey names, and every relation the sender declares (a reference where no rule knows it).
-- Parameters: since, upto, version UInt64. Grain: one end of one proof. Cost: the events of the step.
INSERT INTO relation_edges
WITH
    (SELECT groupUniqArray((rule, from_type, to_type, qualifier, kind)) FROM journey_relations FINAL) AS rules
SELECT end.1, end.2, end.3, kind, qualifier, rule, 'declared', source, event_id, occurred_at, {version:UInt64}, 0
FROM
(
    SELECT
        source, event_id, occurred_at, pair.1 AS from_key, pair.2 AS to_key, pair.3 AS qualifier, pair.4 AS is_declared,
        splitByChar(':', from_key)[2] AS from_type, splitByChar(':', to_key)[2] AS to_type,
        arrayFilter(r -> r.2 IN (from_type, '*') AND r.3 IN (to_type, '*') AND (r.5 != 'same_as' OR from_type = to_type)
            AND (r.4 = qualifier OR (r.4 = '' AND qualifier != 'reference')), rules) AS matching,
        arrayJoin(empty(matching) AND is_declared ? [('declared', '', '', '', 'reference')] : matching) AS chosen,
        chosen.1 AS rule, chosen.5 AS kind
    FROM
    (
        SELECT
            source, event_id, occurred_at, links,
            arrayMap(o -> (concat(o.system, ':', o.object_type, ':', o.id), toString(o.qualifier)), objects) AS named,
            arrayFilter(n -> n.2 = 'subject', named) AS marked,
            empty(marked) ? arraySlice(named, 1, 1) : marked AS subjects
        FROM
        (
    SELECT source, event_id, occurred_at, objects, links, correlation_id, trace_id, is_withdrawn
    FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    ORDER BY segment DESC, revision DESC
    LIMIT 1 BY source, event_id
        )
        WHERE NOT is_withdrawn
    )
    ARRAY JOIN arrayConcat(
        arrayFlatten(arrayMap(s -> arrayMap(n -> (s.1, n.1, n.2, false), arrayFilter(n -> n.1 != s.1 AND NOT has(subjects, n), named)), subjects)),
        arrayMap(l -> (l.from_key, l.to_key, l.qualifier, true), links)) AS pair
)
ARRAY JOIN [(from_key, to_key, 'from'), (to_key, from_key, 'to')] AS end
