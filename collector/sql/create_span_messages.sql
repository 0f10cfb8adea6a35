-- Where find_span_messages leaves what it found, in this session only. Grain: one span, as a message of a source.
CREATE OR REPLACE TEMPORARY TABLE span_messages (body String)
