"""The routes of the review page. Each parses, asks a desk, and returns a page or a part of one."""
