-- Collects the lists and key-value lists of a segment that are not rendered yet. Grain: one distinct value: its kind and its bytes in hex.
INSERT INTO missing_nested_values
SELECT DISTINCT found
FROM
(
    WITH
        pairs -> arrayConcat(
            arrayMap(p -> concat('array ', hex(assumeNotNull(p.value.array_value))),
                     arrayFilter(p -> isNotNull(p.value.array_value), pairs)),
            arrayMap(p -> concat('pairs ', hex(assumeNotNull(p.value.kvlist_value))),
                     arrayFilter(p -> isNotNull(p.value.kvlist_value), pairs))) AS nested_of
    SELECT arrayJoin(arrayFlatten(arrayMap(r -> arrayConcat(
        nested_of(r.resource.attributes),
        arrayFlatten(arrayMap(c -> arrayConcat(
            nested_of(c.scope.attributes),
            arrayFlatten(arrayMap(s -> arrayConcat(
                nested_of(s.attributes),
                arrayFlatten(arrayMap(e -> nested_of(e.attributes), s.events)),
                arrayFlatten(arrayMap(l -> nested_of(l.attributes), s.links))), c.spans))), r.scope_spans))),
        resource_spans))) AS found
    FROM {{segment}}
)
WHERE found NOT IN (SELECT raw FROM nested_values)
