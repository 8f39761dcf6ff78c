"""The learning platforms that there are, and which of them a download is from."""

from datetime import tzinfo
from pathlib import Path

from autograder.errors import UsageError
from autograder.lms.canvas import Canvas
from autograder.lms.moodle import Moodle
from autograder.lms.plain_folder import PlainFolder
from autograder.lms.platform import Participant, Platform

PLATFORMS: dict[str, Platform] = {  # the first one that all names fit is taken: strict ones first
    platform.kind: platform
    for platform in (
        Moodle(),
        Canvas(),
        PlainFolder(),  # fits every name
    )
}


def platform_of(kind: str) -> Platform:
    """The platform of that kind. Raises UsageError if there is none."""
    if kind not in PLATFORMS:
        kinds = sorted(PLATFORMS, key=lambda kind: PLATFORMS[kind].title)
        raise UsageError(f"--as is one of {', '.join(kinds)}, not {kind}")
    return PLATFORMS[kind]


def guess_platform(names: list[str]) -> Platform:
    """The first platform that could have written all of these names; of none, a plain folder."""
    fitting = (
        platform
        for platform in PLATFORMS.values()
        if names and all(platform.read_outer(name) for name in without_wrapper(platform, names))
    )
    return next(fitting, PLATFORMS[PlainFolder.kind])


def without_wrapper(platform: Platform, names: list[str]) -> list[str]:
    """The same names without the one folder that a person packed them all into."""
    first = {name.partition("/")[0] for name in names}
    wrapped = len(first) == 1 and all("/" in name for name in names)
    if not wrapped or platform.read_outer(names[0]):
        return names
    return [name.partition("/")[2] for name in names]


def read_participants(
    platform: Platform, path: Path, zone: tzinfo | None
) -> dict[str, Participant] | None:
    """What a table says of the people in it: this platform's table, or else another one's.

    A folder that a person packed may come with the table of the platform that it is from.
    """
    for one in (platform, *PLATFORMS.values()):
        if (participants := one.read_participants(path, zone)) is not None:
            return participants
    return None
