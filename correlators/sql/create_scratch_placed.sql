-- Scratch of one step: where each event belongs, by the objects it names, or by its run. An object that a person has parted
-- from the event's subject does not count.
CREATE TEMPORARY VIEW IF NOT EXISTS scratch_placed AS
SELECT
    *,
    takes_amount ? joinGet('scratch_told_amounts', 'told', joinGet('scratch_owners', 'cluster', subject)) : [] AS told,
    arrayConcat(arrayReverse(arrayFilter(t -> t.1 <= occurred_at, told)), arrayFilter(t -> t.1 > occurred_at, told)) AS takeable,
    notEmpty(takeable) ? tupleElement(takeable[1], 3) : amount AS worth,
    notEmpty(takeable) AND currency = '' ? toLowCardinality(tupleElement(takeable[1], 4)) : currency AS worth_in,
    cityHash64(subject_key) AS subject,
    arrayFilter(i -> (subject, nodes[i]) NOT IN scratch_unlinked, joinGet('scratch_shapes', 'glue_at', shape)) AS glue_at,
    empty(glue_at) ? joinGet('scratch_weak', 'confidence', event) : 'declared' AS confidence,
    empty(glue_at) ? joinGet('scratch_weak', 'lifecycles', event)
        : arrayDistinct(arrayFlatten(arrayMap(i -> arrayConcat(
            joinGet('scratch_owners', 'owned', nodes[i]), joinGet('scratch_owners', 'shown', nodes[i])), glue_at))) AS lifecycles
FROM scratch_events
