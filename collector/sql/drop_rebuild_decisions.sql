-- Forgets what a rebuild has decided.
DROP TEMPORARY TABLE IF EXISTS rebuild_decisions
