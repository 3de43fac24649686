from __future__ import annotations

from administration.nightly import run_nightly
from common.jobs import periodic, task


@periodic("23 * * * *")
@task(name="enterprises.refresh_revocation_lists", queueing_lock="refresh_revocation_lists")
def refresh_revocation_lists(timestamp: int) -> None:
    run_nightly("cakey_lists")
