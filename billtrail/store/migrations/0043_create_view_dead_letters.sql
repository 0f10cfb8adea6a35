-- Public view: what could not be used.
CREATE VIEW dead_letters {{on_cluster}} AS
SELECT dead_letter_id, door, source, reason, detail, received_at, body, replayed_at
FROM dead_letter_rows FINAL
