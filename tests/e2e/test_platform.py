from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from common.jobs import enqueue

UPLOAD_FORM = """
const form = document.createElement("form");
form.method = "post";
form.enctype = "multipart/form-data";
form.action = "/";
form.innerHTML = "<input type=file name=scan><button>upload</button>";
document.body.replaceChildren(form);
"""


def test_a_file_of_a_hundred_megabytes_gets_a_page_that_says_so(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "scan.pdf"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    page.goto("/")
    page.evaluate(UPLOAD_FORM)
    page.set_input_files("input", large)
    with page.expect_navigation() as answer:
        page.click("button")
    assert answer.value is not None
    assert answer.value.status == 413
    expect(page.get_by_role("heading", name="上传的文件太大")).to_be_visible()
    expect(page.get_by_text("25.0 MB")).to_be_visible()


def test_the_home_page_needs_nothing_that_the_content_policy_forbids(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert complaints == []


def test_a_real_worker_does_the_jobs_of_the_test_database(live_worker: None) -> None:
    deadline = time.monotonic() + 180
    # The worker's own clock queues the same job at the full minute, and only one may wait.
    while (job := enqueue("common.retry_stalled_jobs", timestamp=0)) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    while ProcrastinateJob.objects.get(pk=job).status in {"todo", "doing"} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ProcrastinateJob.objects.get(pk=job).status == "succeeded"
