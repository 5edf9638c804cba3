"""The review page: people of the bank see what was read beside the paper, and decide."""
