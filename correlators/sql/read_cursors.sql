-- Question: how far did a loop get in each stream? Parameters: loop String. Cost: a handful of rows.
SELECT stream, position FROM loop_cursors FINAL WHERE loop = {loop:String}
