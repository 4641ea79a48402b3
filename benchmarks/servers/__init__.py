"""Servers beside ours: how each is started, loaded and measured."""
