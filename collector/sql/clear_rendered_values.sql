-- Forgets the rendered values, so that the session does not grow without end.
TRUNCATE TEMPORARY TABLE rendered_values
