-- Question: of which objects changed the first mention, the cluster, the lifecycles, or how it is divided between those? A lifecycle without events is none.
-- Parameters: is_redone Bool (a step was interrupted: what it wrote is not trusted).
-- Grain: one object. Cost: the objects of the step.
INSERT INTO scratch_changes
WITH
    lifecycles -> arraySort(arrayMap(l -> joinGet('scratch_nodes', 'object_key', l),
        arrayFilter(l -> l IN scratch_told OR l IN scratch_outside, lifecycles))) AS names_of
SELECT
    object_key, object_type, named = '' ? object_key : named AS cluster_key, first_seen, toYear(first_seen) >= 2299 AS is_gone, role != '',
    is_gone ? [] : names_of(joinGet('scratch_owners', 'owned', node)) AS lifecycle_ids,
    is_gone ? [] : names_of(joinGet('scratch_owners', 'shown', node)) AS shown_in,
    empty(divided) OR length(lifecycle_ids) < 2 ? [] : arrayMap(l -> arraySum(h -> h.1 = cityHash64(l) ? h.2 : 0, divided), lifecycle_ids) AS shares,
    arrayFilter(l -> NOT has(old_lifecycles, l), lifecycle_ids), arrayFilter(l -> NOT has(lifecycle_ids, l) AND NOT has(shown_in, l), arrayConcat(old_lifecycles, old_shown))
FROM
(
    SELECT n.*, s.shares AS divided, role = '' ? '' : joinGet('scratch_nodes', 'object_key', joinGet('scratch_owners', 'cluster', node)) AS named
    FROM scratch_nodes AS n
    LEFT JOIN scratch_shares AS s ON s.cluster = joinGet('scratch_owners', 'cluster', n.node)
    WHERE NOT n.is_marginal
)
WHERE {is_redone:Bool} OR NOT is_stored OR is_gone OR first_seen != old_seen OR cluster_key != old_cluster OR lifecycle_ids != old_lifecycles OR shown_in != old_shown
   OR arrayMap(s -> round(s, 9), shares) != arrayMap(s -> round(s, 9), old_shares)
   OR object_key IN (SELECT object_key FROM scratch_mentions WHERE is_declared)
