-- Nothing is decided about this segment: nobody told any of its events before; in this session only.
CREATE TEMPORARY TABLE event_decisions (source String, event_id String)
