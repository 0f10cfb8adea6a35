-- What find_span_messages found. Grain: one span, as a message of a source.
SELECT body FROM span_messages
