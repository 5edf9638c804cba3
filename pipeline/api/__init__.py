"""The REST API: an upstream portal hands in papers and learns what became of them."""
