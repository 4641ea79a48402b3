"""How fast training and inference are, beside the libraries that people use instead."""
