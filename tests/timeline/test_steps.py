"""A record of a step reads the same for everybody: the citizen, the check and the body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from petitions.i18n import own_words
from petitions.identity.roles import Role
from petitions.law.states import Event, State
from tests import making

NOTICE = {"on": "2026-08-20", "place": "Мәдениет үйі", "online": "https://example.kz/talqylau"}
MEMBERS = [{"role": "expert", "name_or_body": "Жол институты"}]


@pytest.mark.parametrize(("language", "expert"), [("kk", "Сарапшы"), ("ru", "Эксперт"), ("en", "Expert")])
def test_a_record_reads_the_same_to_the_public_to_the_check_and_to_the_body(
    client: FlaskClient, sign_in_staff: Callable[..., FlaskClient], language: str, expert: str
) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    at = making.moment_of(petition_id) + timedelta(minutes=1)
    making.record(petition_id, Event.MEDIA_INFORMED, at, media="Егемен Қазақстан", on="2026-07-01")
    making.record(petition_id, Event.DISCUSSION_ANNOUNCED, at, making.OFFICER, **NOTICE)
    making.record(petition_id, Event.GROUP_FORMED, at, making.OFFICER, members=MEMBERS, author_invited=True)
    making.law_time(at + timedelta(minutes=5))

    to_the_public = steps_on(client, f"/{language}/petitions/{petition_id}")
    officer = sign_in_staff(Role.OFFICER, body_id=making.body_of(making.SETTLEMENT))
    to_the_body = steps_on(officer, f"/{language}/console/consideration/{petition_id}")
    to_the_check = steps_on(sign_in_staff(Role.MODERATOR), f"/{language}/console/check/{petition_id}")

    assert to_the_body == to_the_check
    assert to_the_public.startswith(to_the_check), "the public also reads what comes next"
    for fact in (
        "Егемен Қазақстан",
        "Мәдениет үйі",
        'href="https://example.kz/talqylau"',
        f"Жол институты</span>: {expert}",
    ):
        assert fact in to_the_check


def steps_on(client: FlaskClient, address: str) -> str:
    """The lines of the page's timeline, as they stand."""
    page = client.get(address).get_data(as_text=True)
    _, _, rest = page.partition('<ol class="timeline">')
    lines, _, _ = rest.partition("</ol>")
    return " ".join(lines.split())


@pytest.mark.parametrize(
    ("sentence", "words", "shown"),
    [
        ("Place: Мәдениет үйі", "Мәдениет үйі", 'Place: <span lang="kk">Мәдениет үйі</span>'),
        ("Place: Дом культуры", "Дом культуры", 'Place: <span lang="ru">Дом культуры</span>'),
        ("Place: Zoom", "Zoom", "Place: Zoom"),
        ("<b>: ән <i>", "ән <i>", '&lt;b&gt;: <span lang="kk">ән &lt;i&gt;</span>'),
    ],
)
def test_quoted_words_carry_their_own_language_and_stay_text(sentence: str, words: str, shown: str) -> None:
    assert own_words(sentence, words) == shown
