"""A running class: its folder, ledger, gradebook, roster and dates."""
