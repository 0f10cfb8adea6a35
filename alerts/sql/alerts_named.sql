-- What are the newest versions of these alerts?
-- Parameters: alert_ids Array(String). Grain: one alert. Cost: by key.
SELECT * FROM alert_rows FINAL WHERE alert_id IN {alert_ids:Array(String)}
