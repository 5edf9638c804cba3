"""The rules, by what they look at. A module counts once the rulebook lists it."""
