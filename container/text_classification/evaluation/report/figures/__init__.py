"""The figures of the report, a kind a module; only training imports Matplotlib."""
