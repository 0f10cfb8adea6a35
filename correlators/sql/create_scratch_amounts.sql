-- Scratch of one step: which part of an event's amount belongs to which of its lifecycles.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_amounts
(lifecycle_id String, source String, event_id String, amount Decimal(18, 2)) ENGINE = Memory
