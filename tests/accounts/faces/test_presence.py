"""Frames that were computed from photographs are refused; a rendered head that really turns is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.enums import FacePurpose
from accounts.faces import engine, light, registration, scenes
from accounts.models import FaceChallenge, FaceCheck, FaceSigns, Person
from accounts.verification import messages, presence
from accounts.verification.challenges import issue_challenge
from accounts.verification.contract import NOTHING_KNOWN
from accounts.verification.face_signs import KEPT_ATTEMPTS, KEPT_FOR, ONE_SITTING, forget_signs, keep_signs
from accounts.verification.local import LocalVerifier
from accounts.verification.verdicts import Frame, Known, Step, Verdict
from administration.models import Parameter
from devtools.face_attacks import attacks
from tests.accounts.verification.world import challenge, frames, make_faced, send
from tests.face_pictures import FacePictures, still
from tests.factories import make_person

EXPECTED = {
    "still repeated": "frozen",
    "still made lighter": "frozen",
    "mirrored turn": "mirrored_frame",
    "affine warp": "flat_face",
    "homography": "flat_face",
    "two stills": "scene_changed",
    "two persons": "scene_changed",
}
"""The others leave the trace of computed frames."""
SHOWN = {
    "front": ["red", "red", "cyan", "cyan"],
    "turn_left": ["green", "green", "magenta", "magenta"],
    "turn_right": ["blue", "blue", "yellow", "yellow"],
}


def judge(made: attacks.Frames, portrait: bytes, known: Known = NOTHING_KNOWN, colours: Any = None) -> Verdict:
    sent = [
        Frame(data, Step(step), colours[step][at] if colours else "")
        for step, taken in made.items()
        for at, data in enumerate(taken)
    ]
    return LocalVerifier().verify(nonce="", portrait=portrait, frames=sent, steps=list(Step), known=known)


def encoded_anew(data: bytes, *, mirrored: bool = False, scale: float = 1.0, lighter: int = 12) -> bytes:
    image = engine.read(data)[:, :: -1 if mirrored else 1]
    smaller = cv2.resize(np.ascontiguousarray(image), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(4).normal(lighter, 3, smaller.shape)
    return attacks.jpeg(np.clip(smaller + noise, 0, 255).astype(np.uint8), 70)


@pytest.fixture(scope="module")
def material(face_pictures: FacePictures) -> attacks.Material:
    return attacks.Material(still(face_pictures.one[2]), still(face_pictures.one[1]), still(face_pictures.other))


# --- the models of the head and the attacks ---


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("which", [0, 2, 5])
def test_a_head_that_turns_is_accepted(face_pictures: FacePictures, which: int, seed: int) -> None:
    pictures = [*face_pictures.one, face_pictures.other]
    verdict = judge(attacks.live(still(pictures[which]), seed=seed), face_pictures.one[1])
    assert verdict.problems == ()


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_frames_made_from_photographs_are_refused(
    face_pictures: FacePictures, material: attacks.Material, name: str
) -> None:
    made = attacks.ATTACKS[name](material, np.random.default_rng(7))
    assert EXPECTED.get(name, "computed_frame") in judge(made, face_pictures.one[0]).problems


def test_one_frame_of_a_movement_is_not_enough(face_pictures: FacePictures) -> None:
    single = {step: taken[:1] for step, taken in face_pictures.live().items()}
    assert judge(single, face_pictures.one[0]).problems == ("few_frames",)


def test_noise_laid_over_a_copy_does_not_hide_it() -> None:
    assert presence.is_repeated(0.93, of_one_pose=0.94)
    assert not presence.is_repeated(0.93, of_one_pose=0.99)
    assert presence.is_repeated(0.99, of_one_pose=0.999)


def test_a_picture_is_like_itself_under_a_warp_and_unlike_another_of_the_same_person(
    face_pictures: FacePictures,
) -> None:
    one, other = (still(data) for data in (face_pictures.one[0], face_pictures.one[2]))
    assert (
        registration.overlay(registration.crop(one.image, one.face), registration.crop(one.image, one.face)).likeness
        > 0.99
    )
    assert (
        registration.overlay(
            registration.crop(one.image, one.face), registration.crop(other.image, other.face)
        ).likeness
        < 0.8
    )


def test_two_rooms_are_told_from_a_telephone_that_moved(face_pictures: FacePictures) -> None:
    def place(seed: int, at: int) -> scenes.Scene:
        image = engine.read(face_pictures.live(seed)["front"][at])
        return scenes.scene(image, engine.detect(image)[0])

    assert not scenes.is_another_place(place(0, 0), place(0, 1))
    assert scenes.is_another_place(place(0, 0), place(1, 0))


# --- what the portal has already ---


@pytest.mark.parametrize("change", [{}, {"mirrored": True}, {"scale": 0.7}])
def test_a_frame_made_from_a_kept_picture_is_refused(face_pictures: FacePictures, change: dict[str, Any]) -> None:
    live = face_pictures.live()
    photo = encoded_anew(face_pictures.one[2], **change)
    assert "kept_picture" in judge(live, face_pictures.one[0], Known([photo])).problems
    assert "kept_picture" in judge(live, photo).problems
    assert judge(live, face_pictures.one[0], Known([face_pictures.one[1]])).problems == ()


@pytest.mark.django_db
def test_a_photo_for_the_clerk_may_not_be_the_portrait_itself(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    client.force_login(person.user)
    copy = SimpleUploadedFile("IMG_2.jpg", encoded_anew(face_pictures.one[0], scale=0.8), "image/jpeg")
    answer = client.post("/m/verify/photo/", {"photo": copy})
    assert "与本平台已有的照片是同一张" in answer.text
    assert FaceCheck.objects.get().problems == ["kept_picture"]


@pytest.mark.django_db
def test_the_id_photo_counts_as_a_kept_picture(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    person.id_photo.save("photo.jpg", ContentFile(face_pictures.one[2]))
    client.force_login(person.user)
    answer = send(client, face_pictures)
    assert "与本平台已有的照片是同一张" in answer.text
    assert "携带身份证到登记点" in answer.text


@pytest.mark.django_db
def test_an_accepted_recording_serves_once(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    client.force_login(person.user)
    assert send(client, face_pictures).status_code == 302
    assert "画面与以前提交过的相同" in send(client, face_pictures).text
    FaceSigns.objects.update(at=timezone.now() - ONE_SITTING)
    again = {step: [encoded_anew(each) for each in taken] for step, taken in face_pictures.live().items()}
    assert "画面与以前提交过的相同" in send(client, face_pictures, **frames(again)).text
    assert send(client, face_pictures, seed=1).status_code == 302
    assert FaceSigns.objects.filter(person=person).count() == 2


@pytest.mark.django_db
def test_signs_are_bounded_encrypted_and_forgotten(person_without_face: Person) -> None:
    now = timezone.now()
    for number in range(KEPT_ATTEMPTS + 3):
        keep_signs(person_without_face, [f"{number:0288x}"] * 3, now=now)
    assert FaceSigns.objects.count() == KEPT_ATTEMPTS
    with connection.cursor() as cursor:
        cursor.execute("SELECT signs FROM accounts_facesigns LIMIT 1")
        assert "0" * 32 not in str(cursor.fetchone()[0])
    assert forget_signs(now=now) == 0
    assert forget_signs(now=now + KEPT_FOR * 1.01) == KEPT_ATTEMPTS


@pytest.fixture
def person_without_face() -> Person:
    return make_person()


# --- the colours of the screen ---


def lit(face_pictures: FacePictures) -> attacks.Frames:
    return attacks.live(still(face_pictures.one[2]), seed=5, frames=4, colours=SHOWN)


def test_a_face_that_answers_the_colours_leaves_no_doubt(face_pictures: FacePictures) -> None:
    verdict = judge(lit(face_pictures), face_pictures.one[0], colours=SHOWN)
    assert (verdict.problems, verdict.doubts) == ((), ())


def test_colours_in_another_order_are_refused(face_pictures: FacePictures) -> None:
    wrong = {"front": SHOWN["turn_left"], "turn_left": SHOWN["turn_right"], "turn_right": SHOWN["front"]}
    assert "light_contrary" in judge(lit(face_pictures), face_pictures.one[0], colours=wrong).problems


def test_no_reflection_is_a_doubt_and_no_refusal(face_pictures: FacePictures) -> None:
    dull = attacks.live(still(face_pictures.one[2]), seed=5, frames=4)
    verdict = judge(dull, face_pictures.one[0], colours=SHOWN)
    assert (verdict.problems, verdict.doubts) == ((), ("light_unclear",))


def test_colours_are_measured_against_the_ground(face_pictures: FacePictures) -> None:
    image = engine.read(face_pictures.live()["front"][0])
    face = engine.detect(image)[0]
    redder = np.clip(image * np.array([0.9, 0.9, 1.0]), 0, 255).astype(np.uint8)
    assert light.tint(redder, face) == pytest.approx(light.tint(image, face), abs=0.01)


def test_a_lamp_that_flickers_by_itself_is_no_contradiction() -> None:
    rng = np.random.default_rng(1)
    seen = [
        light.Lit(colour, step, (float(rng.normal(0, 0.03)), float(rng.normal(0, 0.03))))
        for step, colours in SHOWN.items()
        for colour in colours * 2
    ]
    assert light.answer(seen) == light.Answer.UNCLEAR
    assert light.answer([replace(each, colour="") for each in seen]) == light.Answer.UNCLEAR


@pytest.mark.django_db
def test_colours_come_in_an_order_that_cannot_be_foreseen(client: Client) -> None:
    orders = []
    for _ in range(20):
        made = issue_challenge(purpose=FacePurpose.LOGIN, person=None, now=timezone.now())
        orders.append(tuple(made.colours))
        assert len(made.colours) == 6
        assert all(one != other for one, other in zip(made.colours, made.colours[1:], strict=False))
    assert len(set(orders)) > 15
    steps = challenge(client, "login")["steps"]
    assert all(colour.startswith("rgb(") for step in steps for colour in step["colours"])
    shown = FaceChallenge.objects.latest("id")
    assert steps[0]["colours"][0] == "rgb({}, {}, {})".format(*light.COLOURS[shown.colours[0]])


@pytest.mark.django_db
def test_other_services_get_no_colours(settings: Any) -> None:
    settings.FACE_PROVIDER = "http"
    assert issue_challenge(purpose=FacePurpose.LOGIN, person=None, now=timezone.now()).colours == []


@pytest.mark.django_db
def test_where_light_is_required_a_doubt_goes_to_a_clerk(client: Client, face_pictures: FacePictures) -> None:
    person = make_faced(face_pictures.one[0])
    client.force_login(person.user)
    Parameter.objects.filter(key="face_light").update(value="required")
    nonce = challenge(client)["nonce"]
    # Six frames in daylight agree with one order of colours in ten by chance; this is an order with which they do not.
    colours = ["green", "blue", "yellow", "green", "cyan", "blue"]
    FaceChallenge.objects.filter(nonce=nonce).update(steps=["front", "turn_left", "turn_right"], colours=colours)
    answer = client.post("/m/verify/face/", {"nonce": nonce, **frames(face_pictures.live())})
    assert answer.url == "/m/verify/"
    check = FaceCheck.objects.get()
    assert (check.result, check.problems) == ("review", ["light_unclear"])
    assert "verified_at" not in client.session
    assert check.thresholds["face_light"][0][0] == "required"


# --- what a person reads ---


@pytest.mark.parametrize(
    "code",
    [
        "few_frames",
        "computed_frame",
        "mirrored_frame",
        "flat_face",
        "frozen",
        "noisy",
        "scene_changed",
        "kept_picture",
        "replayed",
        "light_contrary",
        "light_unclear",
    ],
)
def test_every_refusal_says_what_to_do_and_what_else_there_is(code: str) -> None:
    (finding,) = messages.findings_of([code])
    assert finding.code == f"face.{code}"
    assert finding.detail.startswith(("请", "避开"))
    assert "登记点" in finding.detail
