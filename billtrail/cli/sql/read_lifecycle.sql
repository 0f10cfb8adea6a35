-- Question: what is this contract, how far is it and what is it worth?
-- Parameters: lifecycle_id String. Grain: none or one lifecycle. Cost: one key of lifecycle_rows.
SELECT
    lifecycle_id, kind, journey, client, region, legal_entity, billing_model, owner, currency, contract_value, stage,
    state, started_at, last_event_at, milestones, milestone_states, event_count, span_count, error_count,
    approved_amount, invoiced_amount, paid_amount, unbilled_amount, time_to_bill_ms, systems, superseded_by
FROM lifecycles
WHERE lifecycle_id = {lifecycle_id:String}
