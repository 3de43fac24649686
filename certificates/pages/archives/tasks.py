"""Runs the background job that packs the e-certificates of an enterprise."""

from __future__ import annotations

from common.jobs import task

from .packing import pack


@task("certificates.pack_archive", queue="documents")
def pack_archive(archive_id: int) -> None:
    """It may run twice; a finished order is left as it is."""
    pack(archive_id)
