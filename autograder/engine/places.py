"""Where things are inside a sealed room: both sides must agree."""

from pathlib import Path

ROOM = Path("/room")  # our own code, read-only
HOME = Path("/tmp/home")  # the working directory
FILES = Path("/files")  # what the teacher gives to every room, read-only
