"""Who needs coaching in what, and who can teach it?"""

from salesnb.analysis.coaching import lectures as lectures
from salesnb.analysis.coaching.records import COLUMNS as COLUMNS
from salesnb.analysis.coaching.records import FALSE_DISCOVERY as FALSE_DISCOVERY
from salesnb.analysis.coaching.records import LEAST as LEAST
from salesnb.analysis.coaching.records import PASSAGES as PASSAGES
from salesnb.analysis.coaching.records import findings as findings
from salesnb.analysis.coaching.records import outcomes as outcomes
from salesnb.analysis.coaching.records import passages as passages
from salesnb.analysis.coaching.records import weaknesses as weaknesses
