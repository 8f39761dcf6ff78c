"""A plain folder, of no platform: `<learner>/…/<file>` or `<learner>.ipynb`."""

from autograder.lms.identity import Unidentified, plain_stem
from autograder.lms.platform import Known, Outer, Platform


class PlainFolder(Platform):
    """A folder, or a zip of one, that a person made; it takes nothing back."""

    kind, title = "folder", "Plain folder"

    def read_outer(self, name: str) -> Outer:
        """The first folder is the learner; a file that stands alone is named as its learner."""
        first, _, rest = name.partition("/")
        user = first if rest else first.removesuffix(".ipynb")
        return Outer(user=user, file=(rest or first).split("/")[-1], prefix="")

    def learners(self, outer: Outer, known: Known) -> set[str]:
        """By our own id, or else by a platform's."""
        if plain_stem(outer.user) in known.released:
            raise Unidentified(
                "unknown learner",
                "it is named as a chapter; put it into a folder that is named as its learner",
            )
        roster = known.roster
        if roster.known:
            return {outer.user} & set(roster.learners) or set(roster.by_lms_id(outer.user))
        return {outer.user}
