-- Finds the parts of tables that were inserted and not merged yet, and where they lie. Parameters: tables:Array(String).
-- Grain: one part. Cost: 2 ms.
SELECT table, name AS part, path
FROM system.parts
WHERE database = currentDatabase() AND has({tables:Array(String)}, table) AND active
  AND min_block_number = max_block_number
