-- Question: how many events of the step name no object that glues, and how many take their amount from others?
SELECT countIf(empty(joinGet('scratch_shapes', 'glue_at', shape))) AS weak, countIf(takes_amount) AS takers FROM scratch_events
