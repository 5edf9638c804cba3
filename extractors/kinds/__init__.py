"""One module or package for each kind of document that is read field by field."""
