-- Scratch of one step: each event in each lifecycle that is written anew, with the milestones it reaches there, each with its
-- subject, and with the part of its amount.
CREATE TEMPORARY VIEW IF NOT EXISTS scratch_rows AS
SELECT
    p.*,
    lifecycle,
    multiIf(p.confidence != 'declared', toDecimal64(0, 2), length(p.lifecycles) = 1 AND empty(p.lines), p.worth,
        joinGet('scratch_parts', 'parts', p.event)[lifecycle]) AS part,
    joinGet('scratch_nodes', 'journey', lifecycle) AS journey,
    arrayFlatten(arrayMap(
        r -> arrayMap(
            subject -> (r.position, r.milestone, r.measure, r.is_end, r.object_type, subject),
            empty(r.named_at) ? [lifecycle] : arrayDistinct(arrayMap(
                i -> joinGet('scratch_owners', 'cluster', p.nodes[i]),
                arrayFilter(i -> has(joinGet('scratch_owners', 'owned', p.nodes[i]), lifecycle)
                    OR has(joinGet('scratch_owners', 'shown', p.nodes[i]), lifecycle), r.named_at)))),
        arrayFilter(
            r -> r.journey = journey AND arrayAll((k, v) -> p.attributes[k] = v, mapKeys(r.conditions), mapValues(r.conditions)),
            joinGet('scratch_shapes', 'reaches', p.shape)))) AS reached
FROM scratch_placed AS p
ARRAY JOIN arrayFilter(l -> l NOT IN scratch_untouched, p.lifecycles) AS lifecycle
