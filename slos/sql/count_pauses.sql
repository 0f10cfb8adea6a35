-- Question: how many SLAs have pause conditions: is the work of finding pauses needed? Cost: a handful of rows.
SELECT count() AS slas FROM sla_definitions FINAL WHERE notEmpty(pauses)
