-- Public view: failed spans, classified, in the lifecycles they belong to, at the step they broke. Grain: one failed span in one
-- lifecycle. A span belongs by the objects that it, or the span around it, names; else by its correlation id, else by its
-- trace, where events of those are; else by the objects that any span of its trace names. `confidence` says by which.
-- `milestone`, the first of these that there is: what an event of the same run tried in that lifecycle and failed, the nearest in
-- time; the next step after those its objects had reached by then, in the system that its name, or that of the span around
-- it, speaks of; what an event of the run and of the span's own system reached; such a next step in its own system, if it is
-- not optional; what is known of another failed span of its trace; what any event of the run reached. Else it is empty.
-- Cost: lookups for every failed span, and the rows of the lifecycles that hold them, or of the one that is asked for.
CREATE VIEW span_errors
(
    `trace_id` String,
    `span_id` String,
    `at` DateTime64(3, 'UTC'),
    `system` String,
    `service` String,
    `span_name` String,
    `message` String,
    `error_category` String,
    `error_type` String,
    `http_status` String,
    `lifecycle_id` String,
    `milestone` String,
    `correlation_id` String,
    `object_keys` Array(String),
    `confidence` String
)
AS WITH
    arrayMax(s -> if(has(a.reached, s.1), s.4, 0), j.steps) AS furthest,
    arrayFilter(s -> (((s.4) > furthest) AND (empty(s.5) OR has(s.5, l.billing_model)) AND arrayExists(k -> has(s.2, splitByChar(':', k)[2]), a.object_keys)), j.steps) AS ahead,
    (arrayFirst(s -> hasAny(s.3, a.words), ahead)).1 AS spoken_of,
    multiIf(a.refused != '', a.refused, spoken_of != '', spoken_of, a.told != '', a.told, (arrayFirst(s -> (has(s.3, toString(a.system)) AND (NOT (s.6))), ahead)).1) AS own,
    argMaxIf(own, a.at, own != '') OVER (PARTITION BY a.lifecycle_id, a.trace_id) AS beside,
    map('http_status', http_status, 'rpc_status', lower(a.rpc_status), 'type', lower(concat(a.own_type, ' ', a.exception_type)), 'message', lowerUTF8(concat(a.status_message, ' ', a.exception_message))) AS said,
    (arrayFirst(r -> match(said[r.1], r.2), arrayFilter(r -> ((said[r.1]) NOT IN ('', ' ')), rules))).3 AS found,
    ((correlation_id, trace_id) -> [if(correlation_id = '', 0, cityHash64(concat('correlation_id::', correlation_id))), if(trace_id = '', 0, cityHash64(concat('trace::', trace_id)))]) AS runs_of,
    ((one, other) -> abs(dateDiff('millisecond', one, other))) AS away_ms,
    (
        SELECT groupArray((signal, pattern, category))
        FROM
        (
            SELECT *
            FROM error_rules
            ORDER BY position ASC
        )
    ) AS rules,
    ['timeout', 'rate_limit', 'auth', 'validation', 'mapping', 'duplicate', 'not_found', 'unavailable', 'other'] AS categories,
    failed AS
    (
        SELECT
            e.*,
            if(notEmpty(e.object_keys), e.object_keys, up.up_keys) AS around,
            up.up_name AS up_name,
            arrayFilter(k -> (k IN (
                SELECT object_key
                FROM object_rows
                WHERE notEmpty(lifecycle_ids) AND (object_key IN (
                    SELECT arrayJoin(object_keys)
                    FROM span_error_rows
                ))
            )), around) AS known,
            runs_of(e.correlation_id, e.trace_id) AS runs,
            if(notEmpty(around), around, beside.objects) AS named,
            arrayFirst(r -> ((r != 0) AND (r IN (
                SELECT run
                FROM run_lifecycles
                WHERE run IN (
                    SELECT arrayJoin(runs_of(correlation_id, trace_id))
                    FROM span_error_rows
                )
            ))), runs) AS led_by,
            multiIf(notEmpty(known), 'declared', (led_by != 0) AND (led_by = (runs[1])), 'correlation_id', 'trace') AS confidence,
            multiIf(notEmpty(known), arrayMap(k -> cityHash64(k), known), led_by != 0, [led_by], arrayMap(k -> cityHash64(k), named)) AS ties
        FROM
        (
            SELECT *
            FROM span_error_rows
            FINAL
        ) AS e
        LEFT JOIN
        (
            SELECT
                trace_id AS up_trace_id,
                span_id AS up_span_id,
                object_keys AS up_keys,
                name AS up_name
            FROM span_error_rows
            FINAL
        ) AS up ON (up.up_trace_id = e.trace_id) AND (up.up_span_id = e.parent_span_id)
        LEFT JOIN
        (
            SELECT
                substring(key, 8) AS beside_trace_id,
                groupUniqArrayArray(object_keys) AS objects
            FROM span_keys
            WHERE key IN (
                SELECT concat('trace::', trace_id)
                FROM span_error_rows
            )
            GROUP BY key
        ) AS beside ON beside.beside_trace_id = e.trace_id
    ),
    held AS
    (
        SELECT
            lifecycle_id,
            cityHash64(object_key) AS key,
            false AS is_run,
            '' AS milestone,
            false AS is_failure,
            '' AS reporter,
            toDateTime64(0, 3, 'UTC') AS occurred_at
        FROM lifecycle_object_rows
        FINAL
        WHERE object_key IN (
            SELECT arrayJoin(object_keys)
            FROM span_error_rows
            UNION DISTINCT
            SELECT arrayJoin(object_keys)
            FROM span_keys
            WHERE key IN (
                SELECT concat('trace::', trace_id)
                FROM span_error_rows
            )
        )
        UNION ALL
        SELECT
            lifecycle_id,
            cityHash64(subject_key),
            false,
            toString(milestone),
            false,
            toString(system),
            reached_at
        FROM milestone_rows
        FINAL
        WHERE (outcome != 'failure') AND (subject_key IN (
            SELECT arrayJoin(object_keys)
            FROM span_error_rows
        ))
        UNION ALL
        SELECT
            lifecycle_id,
            arrayJoin(runs_of(correlation_id, trace_id)) AS key,
            true,
            toString(milestone),
            outcome = 'failure',
            toString(system),
            occurred_at
        FROM lifecycle_event_rows
        FINAL
        WHERE (key != 0) AND (key IN (
            SELECT arrayJoin(runs_of(correlation_id, trace_id))
            FROM span_error_rows
        ))
    ),
    attached AS
    (
        SELECT
            f.trace_id AS trace_id,
            f.span_id AS span_id,
            h.lifecycle_id AS lifecycle_id,
            any(f.started_at) AS at,
            any(f.system) AS system,
            any(f.service) AS service,
            any(f.name) AS span_name,
            any(f.message) AS status_message,
            any(f.exception_message) AS exception_message,
            any(f.error_type) AS own_type,
            any(f.exception_type) AS exception_type,
            any(f.http_status) AS own_status,
            any(f.rpc_status) AS rpc_status,
            any(f.told_category) AS told_category,
            any(f.correlation_id) AS correlation_id,
            any(f.around) AS object_keys,
            any(f.confidence) AS confidence,
            argMinIf(h.milestone, away_ms(h.occurred_at, f.started_at), h.is_run AND (h.milestone != '') AND h.is_failure) AS refused,
            argMinIf(h.milestone, away_ms(h.occurred_at, f.started_at), h.is_run AND (h.milestone != '') AND (h.reporter = f.system)) AS told,
            groupUniqArrayIf(h.milestone, (NOT h.is_run) AND (h.milestone != '') AND (h.occurred_at < f.started_at)) AS reached,
            splitByNonAlpha(lower(any(concat(f.name, ' ', f.up_name)))) AS words,
            argMinIf(h.milestone, away_ms(h.occurred_at, f.started_at), h.is_run AND (h.milestone != '')) AS touched
        FROM
        (
            SELECT
                *,
                arrayJoin(arrayDistinct(arrayConcat(ties, runs))) AS key,
                has(ties, key) AS is_tie
            FROM failed
        ) AS f
        INNER JOIN held AS h ON h.key = f.key
        GROUP BY
            trace_id,
            span_id,
            lifecycle_id
        HAVING max(f.is_tie)
    )
SELECT
    a.trace_id AS trace_id,
    a.span_id AS span_id,
    a.at AS at,
    a.system AS system,
    a.service AS service,
    a.span_name AS span_name,
    if(a.status_message != '', a.status_message, a.exception_message) AS message,
    multiIf(has(categories, toString(a.told_category)), toString(a.told_category), found != '', found, 'other') AS error_category,
    if(a.own_type != '', a.own_type, a.exception_type) AS error_type,
    if((a.own_status = '') AND match(a.own_type, '^[1-5][0-9][0-9]$'), a.own_type, a.own_status) AS http_status,
    a.lifecycle_id AS lifecycle_id,
    multiIf(own != '', own, beside != '', beside, a.touched) AS milestone,
    a.correlation_id AS correlation_id,
    a.object_keys AS object_keys,
    a.confidence AS confidence
FROM attached AS a
LEFT JOIN
(
    SELECT
        lifecycle_id,
        journey,
        toString(billing_model) AS billing_model
    FROM lifecycle_rows
    FINAL
) AS l ON l.lifecycle_id = a.lifecycle_id
LEFT JOIN
(
    SELECT
        journey,
        groupArray((toString(milestone), [toString(object_type), splitByChar('.', toString(event_type))[1]], systems, position, billing_models, is_optional)) AS steps
    FROM
    (
        SELECT *
        FROM journey_milestones
        FINAL
        ORDER BY
            journey ASC,
            position ASC
    )
    GROUP BY journey
) AS j ON j.journey = l.journey
