-- Public view: what a source may have said and nobody heard. Open while resolved_at is null.
CREATE VIEW source_gaps {{on_cluster}} AS
SELECT source, stream, gap_id, reason, record, since, until, detail, noticed_at, resolved_at
FROM source_gap_rows FINAL
