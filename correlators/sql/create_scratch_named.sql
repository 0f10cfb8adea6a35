-- Scratch of one step: every object that the step names or reaches, whatever its type.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_named (object_key String) ENGINE = Memory
