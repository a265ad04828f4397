"""Where does the plan contradict itself, in words and money?

`lint` looks at plan.yml, and at the rows of the targets table where they are passed in: parts that do not add up to their
whole (`targets`), commission that falls or jumps as sales rise (`commission`), sprints outside the
year, squads that share a person (`sprints`), tiers and stages that do not fit.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from salesnb.language import Message
from salesnb.plan import Plan
from salesnb.plan.linter.commission import lint_commission
from salesnb.plan.linter.sprints import lint_sprints
from salesnb.plan.linter.targets import lint_targets


def lint(plan: Plan, targets: pd.DataFrame | None = None) -> list[Message]:
    """Every contradiction, most general first; empty where the plan adds up.

    `targets`: rows of the targets table (period_start, grain, dimension, member, amount), typed.
    """
    found = list(lint_targets(plan, targets))
    found += _tiers(plan)
    others = [other.commission for other in plan.scenarios]
    for commission in filter(None, (plan.commission, plan.commission_alternative, *others)):
        found += [message for message in lint_commission(commission) if message not in found]
    found += lint_sprints(plan)
    found += _stages(plan)
    return found


def _tiers(plan: Plan) -> Iterator[Message]:
    tiers = plan.tiers
    for upper, lower, days, more in (
        ("strategic", "core", tiers.strategic.contact_days, tiers.core.contact_days),
        ("core", "potential", tiers.core.contact_days, tiers.potential.contact_days),
        ("potential", "opportunity", tiers.potential.contact_days, tiers.opportunity.contact_days),
    ):
        if days > more:
            yield Message(
                "tiers: {upper} accounts are due every {days:count} days, more rarely than {lower} accounts every {more:count}",
                upper=upper,
                lower=lower,
                days=days,
                more=more,
            )


def _stages(plan: Plan) -> Iterator[Message]:
    if not plan.stages:
        return
    for setting, named in (("required_fields", plan.required_fields), ("checklists", plan.checklists)):
        for stage in sorted(set(named) - set(plan.stages)):
            yield Message(
                "{setting}: the stage {stage} is not among the stages {stages:list}",
                setting=setting,
                stage=stage,
                stages=plan.stages,
            )
