-- Forgets the known events of the segment before.
DROP TEMPORARY TABLE IF EXISTS known_events
