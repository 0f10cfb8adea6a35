-- Public view: object-to-object relations, each once, with the rule it follows and its earliest proof; what a person has
-- parted is not among them. Beside them each event that names nothing that glues, by what ties it to a lifecycle: the tie is
-- written correlation_id::x or trace::x, its kind is `correlated`, and it leads to the lifecycle's root.
CREATE VIEW relations
(
    `from_key` String,
    `to_key` String,
    `kind` LowCardinality(String),
    `qualifier` LowCardinality(String),
    `rule` LowCardinality(String),
    `confidence` String,
    `event_id` String
)
AS SELECT
    from_key,
    to_key,
    kind,
    qualifier,
    rule,
    confidence,
    event_id
FROM
(
    SELECT
        from_key,
        to_key,
        kind,
        qualifier,
        rule,
        'declared' AS confidence,
        event_id
    FROM relation_rows
    FINAL
    UNION ALL
    SELECT
        node AS from_key,
        peer AS to_key,
        kind,
        qualifier,
        rule,
        confidence,
        tupleElement(min((d.declared_at, d.source, d.proof)), 3) AS event_id
    FROM declared_edges AS d
    FINAL
    WHERE direction = 'from'
    GROUP BY
        node,
        peer,
        kind,
        qualifier,
        rule,
        confidence
    UNION ALL
    SELECT
        multiIf(e.confidence = 'trace', concat('trace::', e.trace_id), e.confidence = 'correlation_id', concat('correlation_id::', e.correlation_id), '') AS from_key,
        e.lifecycle_id AS to_key,
        toLowCardinality('correlated') AS kind,
        toLowCardinality('') AS qualifier,
        toLowCardinality(if(e.confidence = 'trace', 'same-trace', 'same-correlation-id')) AS rule,
        e.confidence AS confidence,
        e.event_id AS event_id
    FROM lifecycle_event_rows AS e
    FINAL
    WHERE e.confidence != 'declared'
)
WHERE (from_key, to_key) NOT IN (
    SELECT arrayJoin([(from_key, to_key), (to_key, from_key)])
    FROM people_links
    FINAL
    WHERE decision = 'unlink'
)
