-- What each shape of an event means to the journeys. It is kept from step to step: the journeys of a session do not change. Places are indices into the event's objects.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_shapes
(
    shape UInt64, glue_at Array(UInt32), edges Array(Tuple(start UInt32, stop UInt32, kind String, qualifier String, rule String)),
    reaches Array(Tuple(journey String, position UInt16, milestone String, measure String, is_end Bool, object_type String,
        conditions Map(String, String), named_at Array(UInt32)))
) ENGINE = Join(ANY, LEFT, shape)
