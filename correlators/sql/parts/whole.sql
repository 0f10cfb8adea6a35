-- Shares that make one together; equal ones where they cancel each other out.
    parts -> arraySort(arrayMap(p -> (p.1, abs(arraySum(parts.2)) < 0.005 ? 1 / length(parts) : p.2 / arraySum(parts.2)), parts)) AS whole_of
