"""Many branches to one federation: each batch of them by itself, then what they say together."""
