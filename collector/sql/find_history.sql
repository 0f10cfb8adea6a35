-- Which segments hold messages of a source. Parameters: name:String; upto:UInt64, the last segment that counts.
-- Grain: one segment. Cost: a few bytes of every raw event.
SELECT segment, count() AS messages
FROM raw_events
WHERE record = 'event' AND source = {name:String} AND door IN ('webhook', 'pull', 'file', 'span') AND segment <= {upto:UInt64}
GROUP BY segment
ORDER BY segment
