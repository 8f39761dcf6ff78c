"""What people read when grading is done: feedback, the teacher's page, tables of marks."""
