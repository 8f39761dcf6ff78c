"""What every account of the hub must know: the course's name, as in the class's own settings."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "apple_in_context"
c.Exchange.path_includes_course = True
