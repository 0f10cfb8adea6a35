-- Question: how many decisions of people are new? Parameters: since UInt64 (a version). Cost: the decisions of people.
SELECT count() AS decisions, max(version) AS upto FROM people_links WHERE version > {since:UInt64}
