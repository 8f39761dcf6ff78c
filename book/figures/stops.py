"""What chapter 0's map of the book shows: the chapters' own titles and questions."""

from autograder.course.stops import find_parts, find_stops

stops, parts = find_stops(), find_parts()
