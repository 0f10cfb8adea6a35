-- Question: none; every segment counts as not correlated again. Cost: the ledger.
ALTER TABLE segment_ledger DELETE WHERE stage = 'correlated' SETTINGS mutations_sync = 2
