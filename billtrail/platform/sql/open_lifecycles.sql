-- Question: how many lifecycles are open? Columns: kind, value. Cost: one pass over two columns of lifecycle_rows.
SELECT kind, count() AS value FROM lifecycles WHERE state IN ('open', 'failed') GROUP BY kind ORDER BY kind
