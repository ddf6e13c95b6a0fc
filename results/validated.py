"""Validated: every check of a fit, its worlds lived or read from the bank."""

from calibration.backcast import back_casts
from calibration.check import ahead_coverage, coverage, sharpness, trial
from calibration.fit import Fitted
from calibration.fitted import DRAWS
from calibration.learnt import moved, together
from calibration.past import pasts
from calibration.predictive import compared, distributions, predicted, predictive
from calibration.sensitivity import sensitivity
from results.progress import Follow
from results.validation import Findings


def findings(fitted: Fitted, workers: int, follow: Follow) -> Findings:
    """Return what the checks of a fit find."""
    before = pasts(fitted, workers, follow)
    follow.say(f"living {DRAWS} worlds of the fit ...")
    wave = predictive(fitted, before)
    wave.fill(workers, lambda _: None)
    shown = predicted(fitted, wave)
    back = back_casts(fitted, workers, follow)
    follow.say("coverage on worlds held back ...")
    made = trial(fitted)
    return Findings(
        fitted, before, compared(shown.published, shown.shown), distributions(shown.published, shown.shown),
        compared(shown.next, shown.to_come), coverage(made), sharpness(made), ahead_coverage(fitted, made), back,
        moved(fitted), together(fitted), sensitivity(fitted),
    )  # fmt: skip
