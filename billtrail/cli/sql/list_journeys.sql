-- Question: which journeys are there, by the documents in force or by the lifecycles that are stored?
-- Columns: journey. Grain: one journey. Cost: one column of lifecycles.
SELECT DISTINCT journey FROM (SELECT journey FROM journey_milestones UNION DISTINCT SELECT journey FROM lifecycles)
WHERE journey != ''
ORDER BY journey
