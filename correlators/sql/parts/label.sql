-- The label of what an object hangs together with, after all rounds; 0 for one that hangs together with nothing.
    node -> arrayFold((label, r) -> joinGet('scratch_smallest', 'label', r, label), arrayMap(r -> toUInt16(r), range(1, {rounds:UInt16} + 1)), node) AS label_of
