"""The firm's systems as HTTP services, each on a port of its own, with spans of their own."""
