"""What a right answer satisfies: one file per graded function, named as the function."""
