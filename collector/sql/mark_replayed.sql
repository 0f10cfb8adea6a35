-- Notes that dead letters were replayed; one that was is left as it is. Parameters: ids:Array(String),
-- at:DateTime64(3). Grain: one dead letter, in a newer version.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT dead_letter_id, door, source, reason, detail, received_at, body, {at:DateTime64(3)}, version + 1
FROM dead_letter_rows FINAL
WHERE has({ids:Array(String)}, dead_letter_id) AND replayed_at IS NULL
