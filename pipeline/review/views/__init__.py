"""From records and applications to what pages show: text, marks and places."""
