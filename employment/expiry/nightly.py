"""Runs the nightly job on contracts that run out."""

from __future__ import annotations

from administration.models import JobRun
from administration.nightly import nightly

from .services import end_expired_contracts, remind_of_contracts


@nightly(
    "contracts",
    "劳动合同到期",
    at=(1, 20),
    labels={"ended": "到期解除", "reminded": "到期提醒"},
    formerly=["employment.tasks.run_contracts_daily"],
)
def run_contracts(run: JobRun) -> dict[str, int]:
    return {"ended": end_expired_contracts(), "reminded": remind_of_contracts()}
