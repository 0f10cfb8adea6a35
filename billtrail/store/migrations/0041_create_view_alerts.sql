-- Public view: alerts.
CREATE VIEW alerts {{on_cluster}} AS
SELECT * EXCEPT (version)
FROM alert_rows FINAL
