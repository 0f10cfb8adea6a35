-- Public view: what is left of each error budget.
CREATE VIEW sla_budgets
(
    `sla` LowCardinality(String),
    `known_at` DateTime64(3, 'UTC'),
    `starts_at` DateTime64(3, 'UTC'),
    `ends_at` DateTime64(3, 'UTC'),
    `target_ratio` Float64,
    `state` LowCardinality(String),
    `promises` UInt64,
    `good` Float64,
    `bad` Float64,
    `allowed` Float64,
    `attainment_ratio` Nullable(Float64),
    `likely_low` Float64,
    `likely_high` Float64,
    `remaining_ratio` Float64
)
AS SELECT *
FROM sla_budget_rows
FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla
