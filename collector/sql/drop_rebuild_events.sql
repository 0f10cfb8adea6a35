-- Forgets what a rebuild has mapped.
DROP TEMPORARY TABLE IF EXISTS rebuild_events
