"""The routes, by what they speak of. Each parses, calls the desk, and returns a view."""
