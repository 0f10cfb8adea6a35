-- What find_values_to_render found. Grain: one distinct value: its protobuf bytes in hex.
SELECT raw FROM values_to_render
