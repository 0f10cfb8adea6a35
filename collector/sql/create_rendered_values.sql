-- The text of attribute values met so far that `plain` does not read, in this session only. Grain: one distinct value: its protobuf bytes in hex.
CREATE TEMPORARY TABLE IF NOT EXISTS rendered_values (raw String, text String)
