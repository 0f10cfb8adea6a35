-- Orders the events that reach a milestone, as one number: successes first, then by time, then by event.
    (is_failure, at, event) -> bitShiftLeft(toUInt128(is_failure), 120)
        + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(at) + 4611686018427387904), 56) + bitShiftRight(event, 8) AS place_of
