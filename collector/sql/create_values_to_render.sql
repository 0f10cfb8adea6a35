-- Where find_values_to_render leaves what it found, in this session only.
CREATE OR REPLACE TEMPORARY TABLE values_to_render (raw String)
