-- Question: how do the journeys relate an object of one type to one of another? Parameters: from_type, to_type String.
SELECT DISTINCT kind FROM journey_relations FINAL
WHERE from_type = {from_type:String} AND to_type = {to_type:String} AND kind != 'reference'
