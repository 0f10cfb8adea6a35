-- Scratch of one step: the cluster each object of the step belongs to, under its name.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_identities (node String, cluster String) ENGINE = Memory
