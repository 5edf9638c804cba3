"""What happens to a package, in what order. Plain functions, no Prefect."""
