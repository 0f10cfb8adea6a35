-- Question: is everything being derived anew, so that lifecycles are not whole? Grain: one row. Cost: three cursors.
SELECT maxIf(position, stream = 'asked') > maxIf(position, stream = 'done') AS is_under_way
FROM loop_cursors FINAL
WHERE loop = 'rebuild'
