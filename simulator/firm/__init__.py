"""The plan of the firm: what will happen when, faults included. Pure and seeded; calls nobody and knows no ids.

`plan_firm` gives intents in the order of time, without end. Each intent is one integration run to be. What the run
then finds, and tells, comes from the systems.
"""
