-- Question: how many milestones are there about: how many parts should a full judging be cut into? Cost: none.
SELECT count() AS milestones FROM milestone_rows
