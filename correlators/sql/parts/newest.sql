-- Of several versions of an event within the step the newest; one that a later segment replaces is left out.
(
    (source, event_id) NOT IN (SELECT source, event_id FROM revised)
    OR (source, event_id, version) IN (SELECT source, event_id, newest FROM revised)
)
