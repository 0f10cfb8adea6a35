-- Question: has an exclusion begun or ended since clocks were last judged, and when was one last changed?
-- Parameters: judged_since, judged_at DateTime64(3). Cost: a handful of rows.
SELECT
    (
        SELECT count() FROM (SELECT arrayJoin([starts_at, ends_at]) AS edge_at FROM sla_exclusions FINAL)
        WHERE edge_at > {judged_since:DateTime64(3, 'UTC')} AND edge_at <= {judged_at:DateTime64(3, 'UTC')}
    ) AS edges,
    (SELECT max(version) FROM sla_exclusions) AS version
