-- OTLP's AnyValue from its protobuf bytes: a byte that names the kind, for texts the length as a varint, the value. `head` is the
-- first eight bytes. `is_plain` tells whether `plain` reads it; `otherwise` is what all others are (load/render.py).
    (v, head) -> bitAnd(head, 0xFFFF) = 0x0A + 0x100 * (length(v) - 2) AND length(v) < 130 AS is_text,
    (v, head) -> bitAnd(head, 0xFFFFFF) = 0x800A + 0x100 * bitAnd(length(v) - 3, 127) + 0x10000 * bitShiftRight(length(v) - 3, 7)
                 AND length(v) BETWEEN 131 AND 16386 AS is_long_text,
    (v, head) -> bitAnd(head, 0xFF) = 0x18 AND length(v) BETWEEN 2 AND 8
                 AND bitAnd(bitShiftRight(head, 8), 0x8080808080808080) = bitShiftRight(0x80808080808080, 8 * bitAnd(9 - length(v), 7)) AS is_integer,
    v -> reinterpretAsUInt64(substring(v, 9)) AS tail,
    (v, head) -> bitAnd(head, 0xFF) = 0x18 AND length(v) BETWEEN 9 AND 11 AND bitAnd(bitShiftRight(head, 8), 0x80808080808080) = 0x80808080808080
                 AND bitAnd(tail(v), 0x808080) = bitShiftRight(0x8080, 8 * bitAnd(11 - length(v), 3))
                 AND (length(v) < 11 OR bitShiftRight(tail(v), 16) = 1) AS is_large_integer,
    (v, head) -> bitAnd(head, 0xFF) = 0x21 AND length(v) = 9 AS is_double,
    x -> bitOr(bitAnd(x, 0x007F007F007F007F), bitShiftRight(bitAnd(x, 0x7F007F007F007F00), 1)) AS by_two_bytes,
    x -> bitOr(bitAnd(x, 0x00003FFF00003FFF), bitShiftRight(bitAnd(x, 0x3FFF00003FFF0000), 2)) AS by_four_bytes,
    x -> bitOr(bitAnd(x, 0x000000000FFFFFFF), bitShiftRight(bitAnd(x, 0x0FFFFFFF00000000), 4)) AS by_eight_bytes,
    head -> by_eight_bytes(by_four_bytes(by_two_bytes(bitShiftRight(head, 8)))) AS number,
    (v, head) -> reinterpretAsInt64(bitOr(number(head), bitShiftLeft(by_four_bytes(by_two_bytes(tail(v))), 49))) AS large_number,
    (v, head) -> is_text(v, head) OR is_long_text(v, head) OR is_integer(v, head) OR is_large_integer(v, head) OR is_double(v, head) AS is_plain,
    (v, head, otherwise) -> multiIf(
        is_text(v, head), substring(v, 3),
        is_integer(v, head), toString(number(head)),
        is_long_text(v, head), substring(v, 4),
        is_double(v, head), toString(reinterpretAsFloat64(substring(v, 2))),
        is_large_integer(v, head), toString(large_number(v, head)),
        otherwise) AS plain,
    pairs -> arrayMap(v -> reinterpretAsUInt64(v), pairs.value) AS heads,
