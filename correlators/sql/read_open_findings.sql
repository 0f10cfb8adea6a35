-- Question: which findings of a detector are open? Parameters: detector String. Cost: the findings of that detector.
SELECT *
FROM finding_rows FINAL
WHERE detector = {detector:String} AND resolved_at IS NULL
