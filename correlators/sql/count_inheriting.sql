-- Question: how many objects can be divided as what they are part of?
WITH
    {{part inheriting}}
SELECT count() AS found FROM inheriting
