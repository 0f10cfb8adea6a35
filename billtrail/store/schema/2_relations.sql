-- Public view: object-to-object relations, each once, with the rule it follows and its earliest proof. What a person has
-- parted is not among them.
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
)
WHERE (from_key, to_key) NOT IN (
    SELECT arrayJoin([(from_key, to_key), (to_key, from_key)])
    FROM people_links
    FINAL
    WHERE decision = 'unlink'
)
