-- Where find_nested_values leaves what it found, in this session only.
CREATE OR REPLACE TEMPORARY TABLE missing_nested_values (raw String)
