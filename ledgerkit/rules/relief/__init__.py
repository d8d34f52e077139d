"""A rules: relief and condolence: to whom, for what, how much, how and in which order it is paid."""
