"""The page on which people try the model: its files, which nginx sends, and its form."""
