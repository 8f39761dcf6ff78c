"""When chapters are due: nbgrader's own field, which the formgrader shows and writes too."""

from datetime import UTC

from autograder.classroom import late
from autograder.classroom.folder import Classroom
from autograder.classroom.gradebook import edit_gradebook, open_gradebook


def set_due(classroom: Classroom, chapter: str, text: str) -> None:
    """Set the date of a released chapter, or take it away with `none`; penalties follow."""
    classroom.chosen_chapters([chapter])
    zone = late.class_timezone(classroom)
    time = None if text == "none" else late.parse_due(text, zone)
    with edit_gradebook(classroom) as gradebook:
        gradebook.find_assignment(chapter).duedate = time
        gradebook.db.flush()
        late.write(gradebook, classroom, [chapter])


def due_dates(classroom: Classroom) -> dict[str, str]:
    """Each released chapter's date in words, in the class's timezone."""
    zone = late.class_timezone(classroom)
    with open_gradebook(classroom) as gradebook:
        times = {a.name: a.duedate for a in gradebook.assignments}
    said = {}
    for chapter in classroom.chapters():
        time = times.get(chapter)
        here = time.replace(tzinfo=UTC).astimezone(zone) if time else None
        said[chapter] = f"due {here:%A %Y-%m-%d %H:%M:%S %Z}" if here else "no due date"
    return said
