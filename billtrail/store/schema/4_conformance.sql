-- Public view: how each lifecycle fares against its journey. Grain: one milestone of one lifecycle, in the journey's order.
-- `state` is the worst that holds for any object: late (a clock that waits for this step is breached), failed (tried, and
-- not done since), extra (reached again though it does not repeat, or though the billing model does not know it),
-- out_of_order (reached before what the journey wants `after`: object by object where both are of one type, else by when the
-- lifecycle first reached them), skipped, pending, done, not_applicable. The counts beside it say how many objects each is true of.
-- `progress` is what lifecycles.milestone_states says. Cost: with a lifecycle_id, its own rows; without, all of them once.
CREATE VIEW conformance
(
    `lifecycle_id` String,
    `journey` LowCardinality(String),
    `milestone` LowCardinality(String),
    `position` UInt16,
    `state` String,
    `progress` String,
    `reached_at` Nullable(DateTime64(3, 'UTC')),
    `last_reached_at` Nullable(DateTime64(3, 'UTC')),
    `subjects` UInt64,
    `attempts` UInt64,
    `failed` UInt64,
    `late` UInt32,
    `out_of_order` UInt64,
    `extra` UInt64,
    `due_at` Nullable(DateTime64(3, 'UTC')),
    `amount` Decimal(38, 2),
    `currency` LowCardinality(String),
    `object_type` LowCardinality(String),
    `is_optional` Bool,
    `owner` String
)
AS WITH
    arrayFilter(c -> (NOT has(r.done, c.1)), w.clocks) AS waiting,
    steps AS
    (
        SELECT *
        FROM journey_milestones
        FINAL
    ),
    reached AS
    (
        SELECT
            lifecycle_id,
            toString(milestone) AS milestone,
            groupArrayIf(cityHash64(subject_key), outcome != 'failure') AS done,
            countIf(outcome = 'failure') AS failed,
            sum(attempts) AS attempts,
            sum(amount) AS amount,
            minIf(reached_at, outcome != 'failure') AS first_at,
            maxIf(reached_at, outcome != 'failure') AS last_at
        FROM milestone_rows
        FINAL
        GROUP BY
            lifecycle_id,
            milestone
    ),
    awaited AS
    (
        SELECT
            c.lifecycle_id AS lifecycle_id,
            arrayJoin(d.stop_milestones) AS milestone,
            groupArray((cityHash64(c.subject_key), c.state = 'breached', c.due_at)) AS clocks
        FROM
        (
            SELECT *
            FROM clock_rows
            FINAL
            WHERE isNull(stopped_at) AND (state != 'cancelled')
        ) AS c
        INNER JOIN
        (
            SELECT
                sla,
                stop_milestones
            FROM sla_definitions
            FINAL
        ) AS d ON d.sla = c.sla
        GROUP BY
            lifecycle_id,
            milestone
    ),
    told AS
    (
        SELECT
            lifecycle_id,
            toString(milestone) AS milestone,
            count() AS times
        FROM lifecycle_event_rows
        FINAL
        WHERE (milestone != '') AND (outcome != 'failure')
        GROUP BY
            lifecycle_id,
            milestone
    ),
    compared AS
    (
        SELECT
            journey,
            later,
            earlier,
            is_of_object,
            arrayJoin([(later, true), (earlier, false)]) AS side,
            side.1 AS milestone,
            side.2 AS is_later
        FROM
        (
            SELECT
                s.journey AS journey,
                s.later AS later,
                s.earlier AS earlier,
                s.object_type = e.object_type AS is_of_object
            FROM
            (
                SELECT
                    journey,
                    toString(milestone) AS later,
                    object_type,
                    arrayJoin(after) AS earlier
                FROM steps
            ) AS s
            INNER JOIN
            (
                SELECT
                    journey,
                    toString(milestone) AS milestone,
                    object_type
                FROM steps
            ) AS e ON (e.journey = s.journey) AND (e.milestone = s.earlier)
        )
    ),
    early AS
    (
        SELECT
            journey,
            lifecycle_id,
            later AS milestone,
            uniqExact(subject) AS objects
        FROM
        (
            SELECT
                c.journey AS journey,
                m.lifecycle_id AS lifecycle_id,
                c.later AS later,
                c.earlier AS earlier,
                if(c.is_of_object, m.subject_key, '') AS subject
            FROM
            (
                SELECT
                    lifecycle_id,
                    toString(milestone) AS milestone,
                    subject_key,
                    reached_at
                FROM milestone_rows
                FINAL
                WHERE outcome != 'failure'
            ) AS m
            INNER JOIN compared AS c ON c.milestone = m.milestone
            GROUP BY
                journey,
                lifecycle_id,
                later,
                earlier,
                subject
            HAVING max(c.is_later) AND max(NOT c.is_later) AND (minIf(m.reached_at, c.is_later) < minIf(m.reached_at, NOT c.is_later))
        )
        GROUP BY
            journey,
            lifecycle_id,
            milestone
    )
SELECT
    l.lifecycle_id AS lifecycle_id,
    l.journey AS journey,
    toString(j.milestone) AS milestone,
    j.position AS position,
    multiIf(late > 0, 'late', failed > 0, 'failed', extra > 0, 'extra', out_of_order > 0, 'out_of_order', progress = '', 'pending', progress) AS state,
    l.milestone_states[milestone] AS progress,
    if(notEmpty(r.done), toNullable(r.first_at), NULL) AS reached_at,
    if(notEmpty(r.done), toNullable(r.last_at), NULL) AS last_reached_at,
    length(r.done) AS subjects,
    r.attempts AS attempts,
    r.failed AS failed,
    arrayCount(c -> (c.2), waiting) AS late,
    o.objects AS out_of_order,
    toUInt64(multiIf(notEmpty(j.billing_models) AND (l.billing_model != '') AND (NOT has(j.billing_models, l.billing_model)), toInt64(t.times), j.is_repeatable, 0, greatest(toInt64(t.times) - 1, 0))) AS extra,
    if(empty(waiting), NULL, toNullable(arrayMin(c -> (c.3), waiting))) AS due_at,
    r.amount AS amount,
    l.currency AS currency,
    j.object_type AS object_type,
    j.is_optional AS is_optional,
    j.owner AS owner
FROM
(
    SELECT
        lifecycle_id,
        journey,
        billing_model,
        currency,
        milestone_states
    FROM lifecycle_rows
    FINAL
) AS l
INNER JOIN steps AS j ON j.journey = l.journey
LEFT JOIN reached AS r ON (r.lifecycle_id = l.lifecycle_id) AND (r.milestone = j.milestone)
LEFT JOIN awaited AS w ON (w.lifecycle_id = l.lifecycle_id) AND (w.milestone = j.milestone)
LEFT JOIN told AS t ON (t.lifecycle_id = l.lifecycle_id) AND (t.milestone = j.milestone)
LEFT JOIN early AS o ON (o.lifecycle_id = l.lifecycle_id) AND (o.journey = l.journey) AND (o.milestone = j.milestone)
