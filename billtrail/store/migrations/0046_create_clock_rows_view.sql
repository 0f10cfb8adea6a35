-- Keeps the newest verdict of every clock at hand as verdicts are written.
CREATE MATERIALIZED VIEW clock_rows_from_verdicts {{on_cluster}} TO clock_rows AS
SELECT * FROM clock_verdicts
