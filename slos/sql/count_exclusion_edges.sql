-- Question: has an exclusion begun or ended since clocks were last judged? Parameters: judged_since, judged_at
-- DateTime64(3). Cost: a handful of rows.
SELECT count() AS edges
FROM (SELECT arrayJoin([starts_at, ends_at]) AS edge_at FROM sla_exclusions FINAL)
WHERE edge_at > {judged_since:DateTime64(3, 'UTC')} AND edge_at <= {judged_at:DateTime64(3, 'UTC')}
