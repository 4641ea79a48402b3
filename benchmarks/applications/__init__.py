"""What the servers of the endpoint benchmark answer with, a module each."""
