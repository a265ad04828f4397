"""What was decided, which number is its own, and did that move against like ones on which nothing was decided?"""

from salesnb.analysis.decisions import numbers as numbers
from salesnb.analysis.decisions.matching import KINDS as KINDS
from salesnb.analysis.decisions.matching import STATED as STATED
from salesnb.analysis.decisions.matching import Measure as Measure
from salesnb.analysis.decisions.matching import by_kind as by_kind
from salesnb.analysis.decisions.matching import effects as effects
from salesnb.analysis.decisions.matching import findings as findings
