"""From journal segments to rows: everything is decoded and mapped by the engine, in `collector/sql/`."""
