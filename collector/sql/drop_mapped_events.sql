-- Forgets the mapping of the segment before.
DROP TEMPORARY TABLE IF EXISTS mapped_events
