-- Question: how many clocks ran in a stretch of time, for these SLAs, legal entities and regions (empty: all)?
-- Parameters: starts_at, ends_at DateTime64(3); slas, legal_entities, regions Array(String). Cost: six columns of the clocks.
SELECT count() AS clocks
FROM clock_rows FINAL
WHERE state != 'cancelled' AND started_at < {ends_at:DateTime64(3, 'UTC')}
  AND (stopped_at IS NULL OR stopped_at > {starts_at:DateTime64(3, 'UTC')})
  AND (empty({slas:Array(String)}) OR has({slas:Array(String)}, toString(sla)))
  AND (empty({legal_entities:Array(String)}) OR has({legal_entities:Array(String)}, toString(legal_entity)))
  AND (empty({regions:Array(String)}) OR has({regions:Array(String)}, toString(region)))
