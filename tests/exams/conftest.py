"""Fixtures of the exams' tests."""

from __future__ import annotations

import pytest

from .exam_world import ExamWorld


@pytest.fixture
def world(db: None) -> ExamWorld:
    return ExamWorld()
