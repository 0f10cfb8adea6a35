"""The doors: one file per protocol. A door authenticates, limits, checks, journals the raw bytes and acknowledges."""
