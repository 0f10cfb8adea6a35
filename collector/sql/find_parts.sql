-- Finds the parts of a table that were inserted and not merged yet, and where they lie. Parameters: table:String.
-- Grain: one part. Cost: 2 ms.
SELECT name AS part, path
FROM system.parts
WHERE database = currentDatabase() AND table = {table:String} AND active AND level = 0
