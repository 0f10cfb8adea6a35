-- Public view: the newest verdict on every clock.
CREATE OR REPLACE VIEW sla_clocks {{on_cluster}} AS
SELECT * FROM clock_rows FINAL
