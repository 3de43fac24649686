"""What an ID photo has to show, measured on the picture as it would be stored.

examination = idphoto.examine(data)       bytes of a JPEG or PNG → the nine checks, each with its answer
examination.findings                      one sentence for each check that fails, all at once
idphoto.frame(data)                       the part of a larger picture that an ID photo shows
"""

from .checks import CHECKS, Check, Examination, examine, judge
from .framing import frame, framed
from .measures import Measures, measure

__all__ = ["CHECKS", "Check", "Examination", "Measures", "examine", "frame", "framed", "judge", "measure"]
