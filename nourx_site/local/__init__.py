"""What `make run` and `make test` do on one machine. Nothing here is used in production."""
