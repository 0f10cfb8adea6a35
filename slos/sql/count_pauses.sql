-- Question: is there anything that makes clocks stand still: pause conditions or exclusions? Cost: a handful of rows.
SELECT (SELECT count() FROM sla_definitions FINAL WHERE notEmpty(pauses)) + (SELECT count() FROM sla_exclusions FINAL) AS causes
