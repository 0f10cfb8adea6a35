-- How an object is spelled in full, and its type from that.
    o -> concat(o.system, ':', o.object_type, ':', o.id) AS key_of,
    key -> splitByChar(':', key)[2] AS type_of
