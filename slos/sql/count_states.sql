-- Question: how many clocks of each SLA are in each state? Grain: one SLA and state. Cost: two columns of all clocks.
SELECT sla, state, count() AS clocks FROM clock_rows FINAL GROUP BY sla, state
