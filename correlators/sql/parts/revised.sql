-- The newest versions of the events that have several.
    revised AS
    (
        SELECT source, event_id, max(version) AS newest FROM event_versions
        WHERE revision > 0 AND segment > {since:UInt64} GROUP BY source, event_id
    )
