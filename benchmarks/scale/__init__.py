"""How the program does on many documents, each beside what it is compared with in the same run."""
