"""Example FastAPI service that exposes its HTTP traffic as Prometheus metrics."""
