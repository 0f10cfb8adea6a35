-- Question: which lifecycles hold an event?
INSERT INTO scratch_told SELECT lifecycle FROM scratch_facts
