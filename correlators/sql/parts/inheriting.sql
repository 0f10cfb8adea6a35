-- What several lifecycles hold and nobody divided yet, with all that it is part of, where that is divided.
    undivided AS
    (
        SELECT child AS cluster, parent, joinGet('scratch_owners', 'owned', child) AS holders, joinGet('scratch_owners', 'owned', parent) AS above
        FROM scratch_parents WHERE length(holders) > 1 AND child NOT IN (SELECT cluster FROM scratch_shares)
    ),
    inheriting AS
    (
        SELECT * FROM undivided WHERE cluster NOT IN
        (
            SELECT cluster FROM undivided WHERE length(above) > 1 AND parent NOT IN (SELECT cluster FROM scratch_shares)
        )
    )
