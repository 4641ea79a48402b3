"""The compared implementations; each module has a class ``Peer`` that works in its own process."""
