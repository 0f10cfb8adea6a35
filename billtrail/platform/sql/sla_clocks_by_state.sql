-- Question: how do the clocks stand? Columns: sla, state, value. Cost: one pass over two columns of clock_rows.
SELECT sla, state, count() AS value FROM sla_clocks GROUP BY sla, state ORDER BY sla, state
