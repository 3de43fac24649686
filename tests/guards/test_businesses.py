"""A kind of application is one file that is found by itself, with its place among all and a world in which it is filed."""

from __future__ import annotations

import inspect
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.contrib.admin import site
from django.forms import BaseForm, DateField
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver

from common.forms import DayField
from common.registry import autodiscover, modules_named
from devtools import documentation
from tests.clock import Clock
from tests.worlds import WORLDS, worlds_in
from tests.worlds.base import NOW, World
from workflow.business import Business, businesses, unregister
from workflow.enums import Action, Desk, Status
from workflow.models import Application, Event
from workflow.services.acting import act

from ..workflow import test_every_business

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = frozenset(
    {
        "certificates.businesses.base",
        "certificates.businesses.ending",
        "certificates.businesses.paper_certificate",
    }
)
"""Modules in a folder `businesses` that hold what several kinds have in common."""

LONGEST_COMMON, LONGEST = 60, 150
OWN_SHAPE = {
    "certificates.businesses.additional_a": "it starts from a certificate and from another enterprise of the registry",
    "certificates.businesses.correction": "two ways through the desks, and any of five contents",
    "certificates.businesses.enterprise_rename": "the enterprise files about all its certificates, and reads how far it is",
    "employment.businesses.employment_end": "about an employment",
    "employment.businesses.employment_renewal": "about an employment",
    "employment.businesses.employment_start": "about an employment",
    "exams.businesses.first_issue": "about an exam, opened by the system",
    "exams.businesses.result_appeal": "about an exam, at the desk of its organiser",
}
"""Kinds that share less than the common shape: a person files about own certificates, and a service writes the orders."""


def files_in(packages: Collection[str]) -> list[str]:
    """The modules in folders named `businesses`, without the packages themselves."""
    found = (module for package in packages for module in modules_named(package, "businesses"))
    return [module for module in found if not module.endswith(".businesses")]


def faults(files: Collection[str], known: Collection[Business], worlds: Collection[str]) -> list[str]:
    """What is wrong with the files and the businesses that they register, one sentence each."""
    found = []
    for file in files:
        registered = [business.kind for business in known if type(business).__module__ == file]
        if file not in SHARED and len(registered) != 1:
            found.append(f"{file} registers {len(registered)} businesses")
        if file in SHARED and registered:
            found.append(f"{file} registers {registered[0]} and is no shared module")
    for business in known:
        others = [one.kind for one in known if one is not business and one.order == business.order]
        if "order" not in vars(type(business)):
            found.append(f"{business.kind} does not say its order")
        elif others:
            found.append(f"{business.kind} has the order of {', '.join(others)}")
        if business.kind not in worlds:
            found.append(f"{business.kind} has no world")
    return found + [f"{kind} has a world and is no business" for kind in set(worlds) - {one.kind for one in known}]


def our_apps() -> list[str]:
    return [config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


def test_every_file_registers_one_business_with_its_order_and_its_world() -> None:
    files = files_in(our_apps())
    assert len(files) >= 14
    assert faults(files, businesses(), WORLDS) == []
    assert set(files) >= SHARED, "an allowance that nothing uses"


def lengths(files: Collection[str]) -> dict[str, int]:
    return {
        file: len((ROOT / f"{file.replace('.', '/')}.py").read_text(encoding="utf-8").splitlines()) for file in files
    }


def test_a_kind_of_the_common_shape_takes_sixty_lines_and_none_more_than_150() -> None:
    found = lengths(files_in(our_apps()))
    assert {file: lines for file, lines in found.items() if lines > LONGEST} == {}
    long = {file for file, lines in found.items() if lines > LONGEST_COMMON and file not in SHARED}
    assert long - OWN_SHAPE.keys() == set(), "say once in the frame what several kinds say"
    assert OWN_SHAPE.keys() - long == set(), "an allowance that nothing uses"


def test_the_guard_tells_each_fault() -> None:
    class First(Business):
        kind, order = "first", 1

    class Second(Business):
        kind, order = "second", 1

    class Third(Second):
        kind = "third"

    module = First.__module__
    first, second, third = First(), Second(), Third()
    assert faults([module], [first], ["first"]) == []
    assert faults(["empty.businesses.file"], [], []) == ["empty.businesses.file registers 0 businesses"]
    assert f"{module} registers 2 businesses" in faults([module], [first, second], ["first", "second"])
    assert "first has the order of second" in faults([module], [first, second], ["first", "second"])
    assert "third does not say its order" in faults([module], [third], ["third"])
    assert faults([module], [first], []) == ["first has no world"]
    assert faults([module], [first], ["first", "gone"]) == ["gone has a world and is no business"]


# --- a new kind of application costs one file and no migration ---


@pytest.fixture
def replacement(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[type[World]]:
    """An app with one business and a folder with its world, as if they had just been written; found as all are."""
    clock.stop_at(NOW)
    source = Path(__file__).parent / "new_business"
    (tmp_path / "newapp" / "businesses").mkdir(parents=True)
    (tmp_path / "newworlds").mkdir()
    for package in ("newapp", "newapp/businesses", "newworlds"):
        (tmp_path / package / "__init__.py").write_text("", encoding="utf-8")
    shutil.copy(source / "business.py", tmp_path / "newapp" / "businesses" / "replacement.py")
    shutil.copy(source / "world.py", tmp_path / "newworlds" / "replacement.py")
    monkeypatch.syspath_prepend(tmp_path)
    config = AppConfig.create("newapp")
    config.apps, config.models = apps, {}
    monkeypatch.setitem(apps.app_configs, "newapp", config)
    autodiscover("businesses")
    found = worlds_in([str(tmp_path / "newworlds")], "newworlds")
    for kind, world in found.items():
        monkeypatch.setitem(WORLDS, kind, world)
    yield found["replacement"]
    unregister("replacement")
    for name in [name for name in sys.modules if name.split(".")[0] in ("newapp", "newworlds")]:
        del sys.modules[name]


WALKS = [
    walk
    for name, walk in inspect.getmembers(test_every_business, inspect.isfunction)
    if name.startswith("test_") and "originals" not in name
]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_a_new_file_is_walked_through_every_desk(
    walk: Callable[..., None], replacement: type[World], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    needed = inspect.signature(walk).parameters
    walk("replacement", **({"count_queries": count_queries} if "count_queries" in needed else {}))
    assert Application.objects.filter(kind="replacement").exists()


def test_a_new_file_stands_the_guard(replacement: type[World]) -> None:
    files = [*files_in(our_apps()), *files_in(["newapp"])]
    assert "newapp.businesses.replacement" in files
    assert faults(files, businesses(), WORLDS) == []
    kinds = [business.kind for business in businesses()]
    assert kinds.index("replacement") == kinds.index("extension") + 1


def test_a_new_file_is_decided_with_its_parameters_on_record(replacement: type[World]) -> None:
    world = replacement()
    application = world.file()
    passed = []
    while application.is_open:
        passed.append(application.desk)
        act(application.pk, action=Action.APPROVE, actor=world.holder(application), now=NOW)
        application.refresh_from_db()
    assert passed == [Desk.EMPLOYER, Desk.MUNICIPAL, Desk.PROVINCIAL]
    assert application.status == Status.APPROVED
    used = Event.objects.filter(application=application, action=Action.SUBMIT).get().parameters
    assert set(used) == {"supplement_days", "employer_days"}


def test_a_new_file_brings_its_pages_guide_and_documentation(replacement: type[World], client: Client) -> None:
    world = replacement()
    page = client.get("/guides/replacement/").content.decode()
    for text in (
        "纸质证书遗失的，补领电子证书。",
        "培训记录在 30 天内上传",
        "遗失声明原件",
        "只有没有写明直接办理的申请经过这个环节",
        "15 个工作日内",
        "受理后 20 个工作日内",
        "演示规定第一条",
    ):
        assert text in page, text
    assert "证书遗失补领" in client.get("/guides/").content.decode()
    assert "[地市受理] → 省厅审核" in documentation.businesses_document()
    client.force_login(world.person_user, backend="django.contrib.auth.backends.ModelBackend")
    assert "证书遗失补领" in client.get("/applications/new/").content.decode()
    start = f"/applications/new/replacement/?certificate={world.certificate.pk}"
    assert client.post(start).status_code == 302
    assert Application.objects.get().kind == "replacement"


@pytest.mark.parametrize(
    "typed", ["2019年4月1日", "2019.4.1", "20190401", "2019/04/01", "２０１９年４月１日", " 2019-4-1 "]
)
def test_days_of_every_form_are_read_as_old_certificates_print_them(typed: str) -> None:
    """A browser without a calendar hands on what stands on the paper; no form of ours has a field that refuses it."""
    get_resolver().url_patterns  # noqa: B018  every form is loaded with the addresses
    days = {
        f"{form.__module__}.{form.__qualname__}.{name}": one
        for form in subclasses(BaseForm)
        if form.__module__.partition(".")[0] in {config.name for config in apps.get_app_configs()} - {"django"}
        # What the registry's pages show is made anew from these, as below.
        if not form.__module__.endswith(".admin")
        for name, one in getattr(form, "base_fields", {}).items()
        if isinstance(one, DateField | DayField)
    }
    for kept in site._registry.values():
        fields = [field for field in kept.model._meta.fields if type(field).__name__ == "DateField"]
        days |= {f"{kept}.{field.name}": kept.formfield_for_dbfield(field, HttpRequest()) for field in fields}
    assert len(days) > 20
    assert not [name for name, one in days.items() if not isinstance(one, DayField)]
    assert {name: one.clean(typed) for name, one in days.items()} == dict.fromkeys(days, date(2019, 4, 1))


def subclasses(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for one in form.__subclasses__():
        yield one
        yield from subclasses(one)
