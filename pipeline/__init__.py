"""What happens to a package, in what order, and with which services."""
