"""Routes beside predictions: their bodies, and the OpenAPI document of all routes."""
