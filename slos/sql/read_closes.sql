-- Question: which finance-close periods are compiled? Grain: one period.
SELECT * EXCEPT (version, is_deleted) FROM calendar_closes FINAL ORDER BY calendar, starts_at
