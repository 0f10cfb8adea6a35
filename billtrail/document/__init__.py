"""Documents that people write: YAML that knows where everything stands, and mistakes told with their place."""
