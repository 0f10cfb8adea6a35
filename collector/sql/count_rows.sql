-- How many rows a segment has in a table. Parameters: table:Identifier, segment:UInt64. Cost: 2 ms.
SELECT count() AS records FROM {table:Identifier} WHERE segment = {segment:UInt64}
