-- Scratch of one step: objects whose first mention may be gone, with the first that is left; far ahead where none is.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_doubted (object_key String, first_seen DateTime64(3, 'UTC')) ENGINE = Memory
