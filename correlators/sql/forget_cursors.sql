-- Question: none; a loop begins anew. Parameters: loop String. Cost: the cursors.
ALTER TABLE loop_cursors DELETE WHERE loop = {loop:String} SETTINGS mutations_sync = 2
