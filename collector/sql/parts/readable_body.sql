-- The body of a row of `raw`, with numbers no double can hold as texts where mends:UInt8 is 1: tokens of JSON, put together again.
if({mends:UInt8} = 1 AND NOT isValidJSON(raw.body),
   arrayStringConcat(arrayMap(t -> if(match(t, '^-?[0-9]') AND NOT isValidJSON(t), concat('"', t, '"'), t),
       extractAll(if({mends:UInt8} = 1 AND NOT isValidJSON(raw.body), raw.body, ''),
                  '"(?:[^"\\\\]|\\\\.)*"?|-?[0-9][0-9.eE+-]*|[^"0-9-]+|-'))),
   raw.body) AS body
