"""Read labelled documents from files of any supported format, one at a time."""
