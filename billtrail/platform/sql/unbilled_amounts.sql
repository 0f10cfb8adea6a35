-- Question: how much approved work is not invoiced? Columns: currency, value. Cost: one pass over lifecycle_rows.
SELECT currency, sum(unbilled_amount) AS value
FROM lifecycles
WHERE state NOT IN ('superseded', 'cancelled') AND currency != ''
GROUP BY currency
ORDER BY currency
