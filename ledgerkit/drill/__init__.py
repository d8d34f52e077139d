"""The drill: known faults planted in copies of a user's own books, and what the rules say of them."""
