-- What people decided about two objects: that one belongs to the other, that both are one, or that they do not belong
-- together. Not derived from anything: a rebuild keeps it. Grain: one pair of objects.
CREATE TABLE people_links {{on_cluster}}
(
    from_key   String,
    to_key     String,
    decision   LowCardinality(String) COMMENT 'link, merge or unlink',
    kind       LowCardinality(String) COMMENT 'of a link: part_of, same_as or originates_from',
    reason     String,
    decided_by String,
    decided_at DateTime64(3, 'UTC'),
    version    UInt64,
    is_deleted UInt8
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (from_key, to_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
