-- Question: how many events of the step name no object that glues?
SELECT countIf(empty(joinGet('scratch_shapes', 'glue_at', shape))) AS found FROM scratch_events
