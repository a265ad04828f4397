"""Every subject's charts, tables and sentences for a notebook: ``show.deals.charts.calibration(…)``."""

from salesnb.display import calls as calls
from salesnb.display import cohorts as cohorts
from salesnb.display import customers as customers
from salesnb.display import deals as deals
from salesnb.display import funnel as funnel
from salesnb.display import hygiene as hygiene
from salesnb.display import incentives as incentives
from salesnb.display import own_groups as own_groups
from salesnb.display import parts as parts
from salesnb.display import pipeline as pipeline
from salesnb.display import receivables as receivables
from salesnb.display import remedies as remedies
from salesnb.display import retrospective as retrospective
from salesnb.display import revenue as revenue
from salesnb.display import risk as risk
from salesnb.display import sheets as sheets
from salesnb.display import sprints as sprints
from salesnb.display import targets as targets
from salesnb.display import team as team
from salesnb.display import verdicts as verdicts
from salesnb.display.kit.page import Page as Page
