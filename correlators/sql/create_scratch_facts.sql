-- Scratch of one step: what the events of each lifecycle say of it. A lifecycle without events is none. `places` order who says
-- the client, region, legal entity, billing model, owner and currency: the last one counts.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_facts
(
    lifecycle UInt64, started_at DateTime64(3, 'UTC'), last_event_at DateTime64(3, 'UTC'), event_count UInt32, failures UInt32,
    systems Array(String), client String, region String, legal_entity String, told_model String, owner String, currency String,
    places Array(UInt128),
    worths Array(Tuple(effective_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC'), event_id String, amount Decimal(18, 2), billing_model String))
) ENGINE = Memory
