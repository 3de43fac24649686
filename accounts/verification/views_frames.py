"""Shares among pages with a camera the challenge of this session, the frames of a request, and the limits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.access.decorators import public
from accounts.enums import FacePurpose, Sphere
from accounts.faces.light import COLOURS
from accounts.models import FaceChallenge, Person, User
from accounts.people.selectors import person_of_login
from accounts.verification.verdicts import Frame, Step
from administration.throttle import Limit, seconds_to_wait
from common.findings import Refused
from common.web.methods import require_POST
from common.web.middleware import client_address

from . import messages
from .challenges import COLOURS_PER_STEP, issue_challenge
from .services import FRAMES_PER_STEP, LARGEST_FRAME

_SESSION = "face_challenge"
CHALLENGES = Limit("face_challenge", 60)
"""The unit is challenges for one address, since a building site shares one."""
CHECKS = Limit("face_check", 12)
"""The unit is checks of one account."""
CHECKS_OF_ADDRESS = Limit("face_address", 60)


@public
@never_cache
@require_POST
def face_challenge(request: HttpRequest) -> HttpResponse:
    """The page's script asks just before the camera starts, because finding a good place takes longer than a
    challenge lives.
    """
    if seconds_to_wait(CHALLENGES, client_address(request)):
        return JsonResponse({"error": "操作太频繁，请10分钟后再试。"}, status=429)
    try:
        purpose = FacePurpose(request.POST.get("purpose", ""))
    except ValueError:
        return JsonResponse({"error": "请求不正确，请刷新页面后重试。"}, status=400)
    person = _person(request) if purpose == FacePurpose.VERIFY else None
    if purpose == FacePurpose.VERIFY and person is None:
        return JsonResponse({"error": "登录已失效，请重新登录。"}, status=403)
    challenge = issue_challenge(purpose=purpose, person=person, now=timezone.now())
    request.session[_SESSION] = challenge.nonce
    steps = [
        {"name": step, "text": messages.STEP_WORDS[Step(step)], "colours": _shown(challenge, at)}
        for at, step in enumerate(challenge.steps)
    ]
    return JsonResponse({"nonce": challenge.nonce, "steps": steps})


def _shown(challenge: FaceChallenge, at: int) -> list[str]:
    """Answers the colours of the screen during one movement, as the page writes them."""
    own = challenge.colours[COLOURS_PER_STEP * at : COLOURS_PER_STEP * (at + 1)]
    return ["rgb({}, {}, {})".format(*COLOURS[name]) for name in own]


def _person(request: HttpRequest) -> Person | None:
    user = request.user
    if not isinstance(user, User) or user.sphere != Sphere.PERSON:
        return None
    return person_of_login(user)


def remember_nonce(request: HttpRequest, nonce: str) -> None:
    request.session[_SESSION] = nonce


def nonce_of(request: HttpRequest, posted: str) -> str:
    """Answers the nonce if it is that of this session, and only once. Raises Refused."""
    own = request.session.pop(_SESSION, "")
    if not own or own != posted:
        raise Refused(*messages.findings_of(["used"]))
    return str(own)


def frames_of(request: HttpRequest) -> list[Frame]:
    """Reads one frame more than allowed of each step, and one byte more of each, so that the service sees what is too
    much.
    """
    return [
        Frame(file.read(LARGEST_FRAME + 1), step)
        for step in Step
        for file in request.FILES.getlist(step)[: FRAMES_PER_STEP + 1]
    ]


def wait_of(request: HttpRequest, user: User | None) -> int:
    """Counts this request and answers the seconds until this account and this address may send frames again."""
    wait = seconds_to_wait(CHECKS_OF_ADDRESS, client_address(request))
    return max(wait, seconds_to_wait(CHECKS, f"user:{user.pk}") if user is not None else 0)
