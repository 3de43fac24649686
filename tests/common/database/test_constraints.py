from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from common.database import constraints
from common.database.constraints import refused_by_constraints, sentence_of
from common.findings import Refused


@pytest.fixture
def plot_model(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with isolate_apps("common", attr_name="registry") as registry:

        class Plot(models.Model):
            owner = models.IntegerField(null=True)
            width = models.IntegerField(default=1)
            height = models.IntegerField(default=1)
            name = models.IntegerField(unique=True, null=True)

            class Meta:
                app_label = "base"
                constraints = (
                    models.UniqueConstraint(
                        fields=["owner"], name="plot_one_per_owner", violation_error_message="每人只能有一块地。"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(width__gt=0), name="plot_width", violation_error_message="宽度应大于零。"
                    ),
                    models.CheckConstraint(condition=models.Q(height__gt=0), name="plot_height"),
                )

        with connection.schema_editor() as editor:
            editor.create_model(Plot)
        monkeypatch.setattr(constraints, "apps", registry)
        constraints._sentences.cache_clear()
        yield Plot
    constraints._sentences.cache_clear()


def violation(model: Any, **values: object) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model.objects.create(**values)
    return caught.value


def test_a_constraint_answers_with_its_own_sentence(plot_model: Any):
    plot_model.objects.create(owner=1)
    assert sentence_of(violation(plot_model, owner=1)) == "每人只能有一块地。"
    assert sentence_of(violation(plot_model, width=0)) == "宽度应大于零。"


def test_without_a_sentence_there_is_none(plot_model: Any):
    plot_model.objects.create(name=1)
    assert sentence_of(violation(plot_model, height=0)) is None
    assert sentence_of(violation(plot_model, name=1)) is None
    assert sentence_of(violation(plot_model, width=None)) is None
    assert sentence_of(IntegrityError("not from a database")) is None


def test_a_refused_write_names_the_sentence_and_leaves_nothing(plot_model: Any):
    plot_model.objects.create(owner=1)
    with pytest.raises(Refused) as caught, refused_by_constraints("plot.taken", "请换一块。", turn="业主"):
        plot_model.objects.bulk_create([plot_model(owner=2), plot_model(owner=1)])
    (finding,) = caught.value.findings
    assert (finding.code, finding.message, finding.detail, finding.turn) == (
        "plot.taken",
        "每人只能有一块地。",
        "请换一块。",
        "业主",
    )
    assert plot_model.objects.count() == 1


def test_an_error_without_a_sentence_goes_on(plot_model: Any):
    with pytest.raises(IntegrityError), refused_by_constraints("plot.taken"):
        plot_model.objects.create(height=0)
