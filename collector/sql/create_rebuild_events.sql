-- Where a rebuild keeps what the whole history of a source becomes; in this session only. Grain: as mapped_events, over all
-- segments. The place of a row is (segment, frame, item, part, rule, place): the order in which it would have come.
CREATE TEMPORARY TABLE rebuild_events
(
    segment          UInt64,
    rule             UInt8,
    place            UInt32,
    received_at      DateTime64(3, 'UTC'),
    frame            UInt32,
    item             UInt32,
    part             UInt32,
    source           String,
    event_id         String,
    system           String,
    event_type       String,
    parsed_at        Nullable(DateTime64(3, 'UTC')),
    occurred_at      DateTime64(3, 'UTC'),
    correlation_id   String,
    trace_id         String,
    objects          Array(Tuple(String, String, String, String)),
    links            Array(Tuple(String, String, String)),
    lines            Array(Tuple(String, Decimal(18, 2))),
    amount           Decimal(18, 2),
    currency         String,
    client           String,
    region           String,
    legal_entity     String,
    billing_model    String,
    owner            String,
    outcome          String,
    error_category   String,
    attributes       Map(String, String),
    sequence         String,
    sequence_key     String,
    is_withdrawal    UInt8,
    withdrawn_source String,
    withdrawn_id     String,
    content_hash     UInt64,
    mapped_by        String,
    reason           String,
    detail           String
)
ENGINE = MergeTree
ORDER BY tuple()
