-- Question: how far was a stream read? Parameters: source:String, stream:String. Grain: one row, or none.
SELECT position, at FROM pull_cursors FINAL WHERE source = {source:String} AND stream = {stream:String}
