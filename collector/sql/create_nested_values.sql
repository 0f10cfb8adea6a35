-- The JSON of lists and key-value lists met so far, in this session only. Grain: one distinct value: its kind and its protobuf bytes in hex.
CREATE TEMPORARY TABLE IF NOT EXISTS nested_values (raw String, text String)
