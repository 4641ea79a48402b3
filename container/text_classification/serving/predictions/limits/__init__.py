"""Limit what a request may hold, how long it may take, and how many are handled concurrently."""
