-- Collects the attribute values of a segment that `plain` does not read and nobody has rendered yet. Grain: one distinct value: its protobuf bytes in hex.
INSERT INTO values_to_render
SELECT DISTINCT hex(found) AS raw
FROM
(
    WITH
        {{part any_value}}
        pairs -> arrayFilter((v, head) -> NOT is_plain(v, head), pairs.value, heads(pairs)) AS others_of
    SELECT arrayJoin(arrayFlatten(arrayMap(r -> arrayConcat(
        others_of(r.resource.attributes),
        arrayFlatten(arrayMap(c -> arrayConcat(
            others_of(c.scope.attributes),
            arrayFlatten(arrayMap(s -> arrayConcat(
                others_of(s.attributes),
                arrayFlatten(arrayMap(e -> others_of(e.attributes), s.events)),
                arrayFlatten(arrayMap(l -> others_of(l.attributes), s.links))), c.spans))), r.scope_spans))),
        resource_spans))) AS found
    FROM {{segment}}
)
WHERE raw NOT IN (SELECT raw FROM rendered_values)
