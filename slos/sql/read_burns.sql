-- Question: what was last said of each alert on an error budget? Grain: one alert.
SELECT * FROM sla_burns
