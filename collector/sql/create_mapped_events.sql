-- Where the mappings leave what the raw events of a segment become; in this session only. Grain: one event, or one
-- message that is none: `reason` and `detail` say why it cannot be used, `ignored` is a message that means nothing.
-- `arrival` is its place among the others, `part` the place of its message in a body of several, from 1, else 0.
-- `sequence_key` orders versions: numbers by value, texts as texts.
CREATE OR REPLACE TEMPORARY TABLE mapped_events
(
    arrival          UInt32,
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
    detail           String,
    key_hash         UInt64 MATERIALIZED cityHash64(source, event_id)
)
