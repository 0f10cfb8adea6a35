-- Question: what was declared of the objects of a page, by whom? Parameters: first String, last String, both keys
-- belong to the page. Grain: one object as one source declared it. Cost: the declarations between the two keys.
SELECT object_key, source, attributes, links
FROM object_declarations FINAL
WHERE object_key >= {first:String} AND object_key <= {last:String}
ORDER BY object_key, source
