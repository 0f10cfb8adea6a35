-- The highest segment number a stream ever used. Parameters: stream:String.
SELECT max(segment) AS segment FROM segment_ledger WHERE stream = {stream:String}
