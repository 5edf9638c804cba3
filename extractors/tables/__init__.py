"""Tables: from rulings and words to cells, lines and columns."""
