"""nbgrader's late-submission plugin with a class's own policy."""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 86_400


class LatePolicy(LateSubmissionPlugin):
    """A share of the score for every day begun, after a time of grace; all of it in the end."""

    grace_minutes = Float(0.0, min=0.0, help="Minutes that are not late yet").tag(config=True)
    per_day = Float(0.0, min=0.0, max=1.0, help="Share of the score, each day").tag(config=True)
    zero_after_days = Float(
        None, allow_none=True, min=0.0, help="Days after which nothing is left"
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take off; None for none. nbgrader keeps it between 0 and the score."""
        if self.penalty_method == "zero":
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        seconds = total_seconds_late - 60 * self.grace_minutes
        if seconds <= 0:
            return None
        if self.zero_after_days is not None and seconds > DAY * self.zero_after_days:
            return score
        return score * min(1.0, self.per_day * math.ceil(seconds / DAY)) or None
