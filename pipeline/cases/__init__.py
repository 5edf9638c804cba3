"""Applications on their way: taken in, submitted, reviewed, followed; below every door."""
