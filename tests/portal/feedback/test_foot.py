"""The foot of every page leads to the form and says which page it was, without its query and without what opens it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.enums import Duty
from common.web.addresses import SECRETS, speakable_path
from tests.factories import make_enterprise, make_office, make_operator, make_person, make_staff
from tests.guards.test_addresses import ALL
from tests.workflow.browsing import browser

pytestmark = pytest.mark.django_db
NO_SECRET = frozenset(
    {
        "action",
        "choice",
        "code",
        "desk",
        "event",
        "form",
        "key",
        "kind",
        "name",
        "number",
        "reader",
        "request_id",
        "rest",
    }
)
"""Arguments that are no number and open nothing for whoever knows them: the page asks for a login, or is everybody's."""


def page_in_foot(client: Client, address: str) -> str:
    """The page that the link in the foot names."""
    body = client.get(address).content.decode()
    (link,) = re.findall(r'<footer.*?<a href="(/feedback/[^"]*)">意见反馈</a>.*?</footer>', body, flags=re.DOTALL)
    return parse_qs(urlsplit(link).query).get("page", [""])[0]


@pytest.mark.parametrize("address", ["/", "/lookup/", "/guides/extension/", "/login/", "/m/login/", "/office/login/"])
def test_pages_without_a_login(client: Client, address: str) -> None:
    assert page_in_foot(client, f"{address}?number=1&name=x") == address


def test_pages_of_each_platform() -> None:
    person, operator = make_person().user, make_operator(make_enterprise())
    clerk = make_staff(make_office(), Duty.REVIEW)
    for user, addresses in (
        (person, ("/person/", "/m/", "/messages/")),
        (operator, ("/enterprise/", "/messages/")),
        (clerk, ("/office/", "/office/queue/municipal/")),
    ):
        for address in addresses:
            assert page_in_foot(browser(user), address) == address


def test_a_page_behind_a_token_is_named_by_its_pattern(client: Client) -> None:
    assert page_in_foot(client, "/v/ABCDEFGHJKLMNPQRSTUV/") == "/v/<str:token>/"


def test_a_page_that_is_not_there_and_the_form_itself(client: Client) -> None:
    assert page_in_foot(client, "/no/such/page/") == ""
    assert page_in_foot(client, "/feedback/?page=/lookup/") == "/lookup/"


def test_each_argument_of_an_address_is_known_to_open_something_or_not() -> None:
    """Numbers of rows are no secret: every page looks them up among what its reader may see."""
    arguments = {part for route in ALL for part in re.findall(r"<(\w+:\w+)>", route) if not part.startswith("int:")}
    names = {part.partition(":")[2] for part in arguments}
    assert names == SECRETS | NO_SECRET
    # A pattern resolves to itself only where each converter takes its signs; the photos of a door are no pages.
    secret = sorted(route for route in ALL if any(f"<str:{name}>" in route for name in SECRETS))
    pages = [route for route in secret if "<int:" not in route]
    assert len(pages) >= 5
    assert [route for route in pages if speakable_path(f"/{route}") != f"/{route}"] == []


def test_the_pages_with_help_lead_to_it(client: Client) -> None:
    for address in ("/offices/", "/guides/?q=没有这个词"):
        body = client.get(address).content.decode()
        main = body[body.index("<main") : body.index("</main>")]
        assert f'href="/feedback/?page={address.partition("?")[0].replace("/", "%2F")}"' in main
    assert "Disallow: /feedback/" in client.get("/robots.txt").text
