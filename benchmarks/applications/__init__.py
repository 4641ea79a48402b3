"""The applications of the endpoint benchmark's servers, a module each."""
