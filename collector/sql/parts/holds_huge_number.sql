-- A body that nobody can read as it stands may hold a number no double can hold; as a text it can be read.
{mends:UInt8} = 0 AND match(body, '[0-9][eE][+]?[0-9]{3}|[0-9]{300}') AND NOT isValidJSON(body)
