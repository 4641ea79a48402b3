"""How containers are run: by a Docker engine, or as processes of this installation.

Processes are the default: a rehearsal needs neither Docker nor minutes to build an image.
"""
