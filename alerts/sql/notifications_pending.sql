-- Which attempts are still to be made? Asked at the start only: afterwards the loop knows.
-- Grain: one attempt. Cost: the outbox.
SELECT * FROM notification_rows FINAL WHERE outcome = 'pending' ORDER BY due_at, notification_id
