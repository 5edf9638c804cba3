"""The ground floor: frozen models, errors and taxonomies that every other floor shares."""
