-- Question: does the store answer? Cost: none.
SELECT 1 AS answer
