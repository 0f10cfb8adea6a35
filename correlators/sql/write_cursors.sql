-- Question: none; how far the loop got. Parameters: loop String, streams Array(String), positions Array(UInt64), at DateTime64.
INSERT INTO loop_cursors
SELECT {loop:String}, cursor.1, cursor.2, {at:DateTime64(3, 'UTC')}
FROM (SELECT arrayJoin(arrayZip({streams:Array(String)}, {positions:Array(UInt64)})) AS cursor)
