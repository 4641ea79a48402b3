"""Servers beside ours: how each is started, asked and measured."""
