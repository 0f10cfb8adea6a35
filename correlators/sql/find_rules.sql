-- Question: how may an object of one type belong to one of another, as the journeys say? Whoever tells it the other way round,
-- the part comes first here. Parameters: from_type, to_type String. Grain: one kind.
SELECT DISTINCT kind FROM journey_relations FINAL
WHERE kind IN ('part_of', 'originates_from')
  AND (is_inverse ? to_type : from_type) IN ({from_type:String}, '*') AND (is_inverse ? from_type : to_type) IN ({to_type:String}, '*')
ORDER BY kind = 'part_of' DESC
