"""Answer requests for predictions, from their headers and body to the response."""
