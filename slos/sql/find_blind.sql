-- Question: whose stopping events would not be seen, because the only sources of a step's systems are silent, and up to
-- when did those report? Shape: one row per such SLA. Cost: the health of the sources.
WITH steps AS
(
    SELECT sla, arrayJoin(stop_systems) AS systems FROM sla_definitions FINAL
)
SELECT sla, toUnixTimestamp64Milli(min(watermark)) AS watermark_ms
FROM
(
    SELECT s.sla AS sla, s.systems AS systems, min(h.state = 'silent') AS is_silent, max(h.watermark) AS watermark
    FROM steps AS s CROSS JOIN source_health AS h
    WHERE has(s.systems, h.system)
    GROUP BY sla, systems
)
WHERE is_silent
GROUP BY sla
