-- Question: what stood when a decision was made? Its line in the audit log says so.
-- Parameters: decided_at DateTime64(3), action String, targets Array(String). Grain: none or one row. Cost: one instant of the log.
SELECT details FROM audit_log
WHERE at = {decided_at:DateTime64(3, 'UTC')} AND action = {action:String} AND target IN {targets:Array(String)}
