-- What find_nested_values found. Grain: one distinct value: its kind and its bytes in hex.
SELECT raw FROM missing_nested_values
