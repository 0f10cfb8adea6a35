-- Scratch of one step: the objects of each lifecycle. is_rewritten: this lifecycle is written anew in this step, the others
-- are only counted. is_shown: the object is shown in the lifecycle but not part of it (the opportunity of a contract).
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_members
(lifecycle_id String, cluster String, node String, is_shown Bool, is_rewritten Bool) ENGINE = Memory
