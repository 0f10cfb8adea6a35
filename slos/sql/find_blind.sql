-- Question: whose stopping events would not be seen, because the only sources of a step's systems are silent by an instant, and
-- up to when did those report? Parameters: judged_at DateTime64(3). Shape: one row per such SLA. Cost: the health of the sources.
WITH steps AS
(
    SELECT sla, arrayJoin(stop_systems) AS systems FROM sla_definitions FINAL
)
SELECT sla, toUnixTimestamp64Milli(min(watermark)) AS watermark_ms
FROM
(
    SELECT
        s.sla AS sla, s.systems AS systems, min(h.silent_at <= {judged_at:DateTime64(3, 'UTC')}) AS is_silent,
        max(h.watermark) AS watermark
    FROM steps AS s CROSS JOIN source_health AS h
    WHERE has(s.systems, h.system)
    GROUP BY sla, systems
)
WHERE is_silent
GROUP BY sla
