-- Forgets the decisions of the segment before.
DROP TEMPORARY TABLE IF EXISTS event_decisions
