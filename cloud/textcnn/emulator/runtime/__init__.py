"""How containers are run: by a Docker engine, or as processes of this installation."""
