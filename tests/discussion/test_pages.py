"""The pages of comments: a citizen's, everybody's, the moderators' and the body's."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from petitions import db
from petitions.comments.models import Rule, Stance
from petitions.discussion import moderating, queries
from petitions.identity.roles import Role
from petitions.law.states import State
from tests import making
from tests.comments.talk import Talk, a_talk
from tests.making import a_citizen, law_time
from tests.statements import statements_asked

WHY = "Пікірде басқа адамға тіл тигізілген, ереже бұзылды."


@pytest.fixture
def talk(sqlite_app) -> Talk:
    made = a_talk()
    law_time(made.later())
    return made


@pytest.fixture
def daniyar(talk: Talk, sign_in_citizen) -> FlaskClient:
    return sign_in_citizen("daniyar")


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


def seen_at(page) -> dict[str, str]:
    """The moment of a moderator's page, as its forms send it."""
    found = re.search(r'name="seen_at" value="([^"]+)"', page.get_data(as_text=True))
    assert found
    return {"seen_at": found[1]}


def write(client: FlaskClient, talk: Talk, **changes: str):
    fields = {"stance": "question", "text": "Өткел қашан салынады?", "language": "kk", "about": ""} | changes
    return client.post(f"/en/petitions/{talk.petition_id}/comments/new", data=fields)


def test_a_citizen_comments_and_sees_it_published(talk, daniyar) -> None:
    assert "Everybody can read it at once" in text_of(daniyar.get(f"/en/petitions/{talk.petition_id}/comments/new"))
    answer = write(daniyar, talk)
    assert answer.status_code == 303
    page = text_of(daniyar.get(answer.location))
    assert "Өткел қашан салынады?" in page
    assert "Данияр Ү." in page and "Үлгіев" not in page
    assert "Question" in page


def test_a_guest_reads_and_is_asked_to_sign_in_to_write(talk, client) -> None:
    talk.say("Мен бұл петицияны қолдаймын")
    page = client.get(f"/en/petitions/{talk.petition_id}/comments")
    assert "Мен бұл петицияны қолдаймын" in text_of(page)
    assert "csrf_token" not in page.get_data(as_text=True)
    answer = client.get(f"/en/petitions/{talk.petition_id}/comments/new")
    assert answer.status_code == 302 and "/sign-in" in answer.location


def test_what_is_missing_is_said_beside_its_field(talk, daniyar) -> None:
    answer = write(daniyar, talk, stance="", text="")
    assert answer.status_code == 422
    assert "Choose: for, against or a question." in text_of(answer)
    assert "Write your comment." in text_of(answer)


def test_the_writer_is_warned_of_personal_data_and_may_insist(talk, daniyar) -> None:
    said = {"text": "Маған 8 701 123 45 67 нөміріне қоңырау шалыңыз"}
    warned = write(daniyar, talk, **said)
    assert warned.status_code == 422
    assert "personal data stand in your text" in text_of(warned)
    assert 'name="insists"' in warned.get_data(as_text=True)
    assert write(daniyar, talk, **said, insists="y").status_code == 303


def test_a_foreign_citizen_is_told_why_not(talk, sign_in_citizen) -> None:
    page = text_of(sign_in_citizen("foreigner").get(f"/en/petitions/{talk.petition_id}/comments/new"))
    assert "Only citizens of Kazakhstan can comment on a petition." in page
    assert write(sign_in_citizen("foreigner"), talk).status_code == 422


def test_what_was_typed_stays_while_the_registry_is_silent(talk, sign_in_citizen) -> None:
    page = write(sign_in_citizen("down"), talk)
    assert page.status_code == 503
    assert "Өткел қашан салынады?" in text_of(page) and "does not answer" in text_of(page)


def test_what_is_no_id_of_a_comment_is_not_found(app) -> None:
    made = a_talk()
    law_time(made.later())
    citizen, moderator = app.test_client(), app.test_client()
    making.sign_in(citizen, citizen_id=a_citizen("daniyar"))
    making.sign_in(moderator, staff_id=making.a_staff_member([Role.MODERATOR]))
    for page in ("reply", "report", "change", "withdrawal"):
        assert citizen.get(f"/en/petitions/{made.petition_id}/comments/%00/{page}").status_code == 404
    assert moderator.get(f"/en/console/comments/{made.petition_id}/%00").status_code == 404


def test_ones_oldest_comment_can_still_be_reached(talk, daniyar, monkeypatch) -> None:
    monkeypatch.setattr(queries, "OWN_SHOWN", 2)
    me = a_citizen("daniyar", at=talk.now)
    for number in range(3):
        talk.say(f"Пікір нөмірі {number}", by=me)
    law_time(talk.now)
    first = daniyar.get("/en/my-comments").get_data(as_text=True)
    assert "Пікір нөмірі 2" in first and "Пікір нөмірі 0" not in first
    older = re.search(r'href="(/en/my-comments\?before=[a-p]{22})"', first)
    assert older
    second = text_of(daniyar.get(older[1]))
    assert "Пікір нөмірі 0" in second and "Further comments" not in second


def test_the_page_tells_the_law_from_our_policy(talk, client) -> None:
    page = text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))
    assert "on an openly published petition (article 90-3)" in page
    assert "Our policy where the law is silent: from the age of 18, until the petition is sent" in page


def test_replies_stand_under_their_comment(talk, daniyar, client) -> None:
    comment = talk.say("Жарық керек")
    address = f"/en/petitions/{talk.petition_id}/comments/{comment}/reply"
    assert "Жарық керек" in text_of(daniyar.get(address))
    answer = daniyar.post(address, data={"text": "Дұрыс айтасыз", "language": "kk"})
    assert answer.status_code == 303
    assert "Дұрыс айтасыз" in text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))
    assert client.get(f"/en/petitions/{talk.petition_id}/comments/{'a' * 22}").status_code == 404


def test_ones_own_comment_is_changed_and_taken_back(talk, daniyar) -> None:
    comment = talk.say("Қате жазылған", by=a_citizen("daniyar", at=talk.now))
    law_time(talk.now)
    mine = f"/en/petitions/{talk.petition_id}/comments/{comment}"
    assert "Change" in text_of(daniyar.get("/en/my-comments"))
    assert "Қате жазылған" in text_of(daniyar.get(f"{mine}/change"))
    assert daniyar.post(f"{mine}/change", data={"text": "Дұрыс жазылған", "language": "kk"}).status_code == 303
    page = text_of(daniyar.get(mine))
    assert "Дұрыс жазылған" in page and "changed by the writer" in page
    law_time(talk.now + timedelta(minutes=20))
    assert "can no longer be changed" in text_of(daniyar.get(f"{mine}/change"))
    assert daniyar.post(f"{mine}/change", data={"text": "Кеш қалған", "language": "kk"}).status_code == 409
    assert "It cannot be brought back" in text_of(daniyar.get(f"{mine}/withdrawal"))
    assert daniyar.post(f"{mine}/withdrawal").status_code == 303
    assert "The writer took this comment back." in text_of(daniyar.get("/en/my-comments"))


def test_a_comment_is_taken_back_even_when_its_petition_was_taken_down(talk, daniyar) -> None:
    comment = talk.say("Менің сөзім", by=a_citizen("daniyar", at=talk.now))
    making.go_on(talk.petition_id, State.TAKEN_DOWN)
    page = text_of(daniyar.get("/en/my-comments"))
    assert talk.standing.title not in page and "Менің сөзім" in page
    mine = f"/en/petitions/{talk.petition_id}/comments/{comment}"
    assert daniyar.get(mine).status_code == 410
    assert "Менің сөзім" in text_of(daniyar.get(f"{mine}/withdrawal"))
    assert daniyar.post(f"{mine}/withdrawal").status_code == 303
    assert "Менің сөзім" not in text_of(daniyar.get("/en/my-comments"))


def test_nobody_opens_the_pages_of_anothers_comment(talk, daniyar) -> None:
    comment = talk.say()
    for page in ("change", "withdrawal"):
        assert daniyar.get(f"/en/petitions/{talk.petition_id}/comments/{comment}/{page}").status_code == 404


def test_a_report_reaches_the_moderator_who_hides_with_reasons(talk, daniyar, client, sign_in_staff) -> None:
    comment = talk.say("Сен ақымақсың деген пікір")
    address = f"/en/petitions/{talk.petition_id}/comments/{comment}/report"
    assert "Nobody is told who reported it" in text_of(daniyar.get(address))
    assert daniyar.post(address, data={"rule": "", "words": ""}).status_code == 422
    assert daniyar.post(address, data={"rule": "insult", "words": "Тіл тигізеді"}).status_code == 303
    moderator = sign_in_staff(Role.MODERATOR)
    queue = text_of(moderator.get("/en/console/comments"))
    assert "Тіл тигізеді" in queue and "A word that may insult" in queue
    look = f"/en/console/comments/{talk.petition_id}/{comment}"
    assert "Сен ақымақсың" in text_of(moderator.get(look))
    seen = seen_at(moderator.get(look))
    assert moderator.post(f"{look}/hiding", data={"rule": "insult", "reasons": "қысқа"} | seen).status_code == 422
    unseen = moderator.post(f"{look}/hiding", data={"rule": "insult", "reasons": WHY})
    assert unseen.status_code == 409 and WHY in text_of(unseen)
    assert moderator.post(f"{look}/hiding", data={"rule": "insult", "reasons": WHY} | seen).status_code == 303
    page = text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))
    assert "Сен ақымақсың" not in page
    assert "by the rule: Insult or threat" in page and WHY in page
    assert "Hidden on" in text_of(moderator.get("/en/console/comments?part=hidden"))
    back = moderator.post(f"{look}/restoration", data={"reasons": "Шағым негізсіз болып шықты, пікір қалады."})
    assert back.status_code == 303
    assert "Сен ақымақсың" in text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))


def test_the_shelf_of_hidden_comments_has_its_own_words_and_leads_on(talk, sign_in_staff, monkeypatch) -> None:
    monkeypatch.setattr(queries, "SHOWN", 1)
    moderator, shelf = sign_in_staff(Role.MODERATOR), "/en/console/comments?part=hidden"
    empty = text_of(moderator.get(shelf))
    assert "No comment is hidden." in empty and "They are published" not in empty
    for text in ("Бірінші пікірдің сөздері", "Екінші пікірдің сөздері"):
        moderating.hide(talk.petition_id, talk.say(text), Rule.INSULT, WHY, by=talk.moderator(), at=talk.later())
    page = moderator.get(shelf).text
    assert "Екінші пікірдің" in page and "Бірінші пікірдің" not in page and "They move up" not in page
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further is not None
    last = moderator.get(unescape(further[1])).text
    assert "Бірінші пікірдің" in last and "Екінші пікірдің" not in last and 'rel="next"' not in last
    for bent in ("before=x", "before=2026-01-01T00:00:00", "before=9999-12-31T23:59:59-23:59&id=%00"):
        assert moderator.get(f"{shelf}&{bent}").status_code == 200


def test_nothing_wrong_empties_the_queue(talk, sign_in_staff) -> None:
    comment = talk.say("Толығырақ: https://example.kz")
    moderator = sign_in_staff(Role.SENIOR_MODERATOR)
    address = f"/en/console/comments/{talk.petition_id}/{comment}/look"
    assert moderator.post(address).status_code == 409
    assert moderator.post(address, data=seen_at(moderator.get("/en/console/comments"))).status_code == 303
    queue = moderator.get("/en/console/comments")
    assert "Nothing waits here." in text_of(queue)
    assert f'<a href="{address.removesuffix("/look")}">Look at it again</a>' in queue.get_data(as_text=True)
    page = text_of(moderator.get(f"/en/console/comments/{talk.petition_id}/{comment}"))
    assert "A moderator found nothing wrong with it" in page


def test_the_body_reads_the_summary_and_answers(talk, client, sign_in_staff) -> None:
    question = talk.say("Өткел қашан салынады?", Stance.QUESTION)
    officer = sign_in_staff(Role.OFFICER, body_id=talk.standing.body_id)
    assert "1 question without an answer" in text_of(officer.get("/en/console/comments-to-answer"))
    address = f"/en/console/consideration/{talk.petition_id}/comments"
    assert "No answer yet" in text_of(officer.get(address))
    assert "It is no decision on the petition" in text_of(officer.get(f"{address}/{question}/answer"))
    law_time(talk.later())
    said = {"text": "Қыркүйекте салынады.", "language": "kk"}
    assert officer.post(f"{address}/{question}/answer", data=said).status_code == 303
    assert "Answered" in text_of(officer.get(address))
    page = text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))
    assert "Answer of the body" in page and "Қыркүйекте салынады." in page


def test_the_console_counts_what_waits(talk, sign_in_staff) -> None:
    talk.say("Толығырақ: https://example.kz")
    assert "1 Comments to be looked at" in text_of(sign_in_staff(Role.MODERATOR).get("/en/console"))
    officer = sign_in_staff(Role.OFFICER, body_id=talk.standing.body_id)
    assert "Comments to answer" in text_of(officer.get("/en/console"))


def test_the_desk_of_the_body_leads_to_the_summary(talk, sign_in_staff) -> None:
    talk.say("Өткел қашан салынады?", Stance.QUESTION)
    while making.state_of(talk.petition_id) != State.EXAMINATION:
        making.go_on(talk.petition_id, State.EXAMINATION)
    law_time(making.moment_of(talk.petition_id))
    officer = sign_in_staff(Role.OFFICER, body_id=talk.standing.body_id)
    page = officer.get(f"/en/console/consideration/{talk.petition_id}")
    assert "1 Questions without an answer" in text_of(page)
    assert f"/en/console/consideration/{talk.petition_id}/comments" in page.get_data(as_text=True)


def test_staff_see_no_way_to_write_that_is_closed_to_them(talk, sign_in_staff) -> None:
    comment = talk.say()
    for address in ("", "/comments", f"/comments/{comment}"):
        page = sign_in_staff(Role.MODERATOR).get(f"/en/petitions/{talk.petition_id}{address}").get_data(as_text=True)
        assert not re.search(r"/comments/(?:new|[a-p]{22}/(?:reply|report))", page), address


def test_a_page_of_comments_asks_the_same_number_of_queries_however_many_there_are(talk, client) -> None:
    numbers = []
    for more in (1, 1, 12):
        for _ in range(more):
            talk.reply(talk.say())
        with statements_asked(db.reading_engine()) as asked:
            client.get(f"/en/petitions/{talk.petition_id}/comments")
        numbers.append(sum("FROM comment" in statement for statement in asked))  # the clock is looked at by time
    assert numbers == [4, 4, 4]


def test_another_bodys_officer_finds_nothing(talk, sign_in_staff) -> None:
    stranger = sign_in_staff(Role.OFFICER, body_id=1)
    assert stranger.get(f"/en/console/consideration/{talk.petition_id}/comments").status_code == 404
    assert "Nobody has commented yet." in text_of(stranger.get("/en/console/comments-to-answer"))


def test_the_list_pages_by_cursor_and_forgives_a_foreign_one(talk, client) -> None:
    for _ in range(22):
        talk.say()
    first = client.get(f"/en/petitions/{talk.petition_id}/comments").get_data(as_text=True)
    cursor = re.search(r"after=([0-9a-p.]+)", first)
    assert cursor
    second = text_of(client.get(f"/en/petitions/{talk.petition_id}/comments?after={cursor[1]}"))
    assert "From the beginning" in second and "Further comments" not in second
    for odd in ("order=newest", "after=%00", "stance=question&after=1.1.x", "order=loud", "stance=loud"):
        assert client.get(f"/en/petitions/{talk.petition_id}/comments?{odd}").status_code == 200


def test_a_closed_discussion_says_so(sqlite_app, client, sign_in_citizen) -> None:
    talk = a_talk(State.EXAMINATION)
    law_time(talk.later())
    assert "Comments on this petition are closed." in text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))
    answer = write(sign_in_citizen("daniyar"), talk)
    assert answer.status_code == 409
    assert "Comments on this petition are closed." in text_of(answer)


def test_private_links_and_taken_down_petitions_have_no_page_of_comments(sqlite_app, client) -> None:
    assert client.get(f"/en/petitions/{a_talk(State.SUPPORTING).petition_id}/comments").status_code == 404
    assert client.get(f"/en/petitions/{a_talk(State.TAKEN_DOWN).petition_id}/comments").status_code == 410


def test_orders_and_rules_have_their_words(talk, client) -> None:
    page = text_of(client.get(f"/en/petitions/{talk.petition_id}/comments"))
    assert "In turn" in page and "Newest first" in page
    assert all(word in page for word in ("Advertisement", "Insult or threat", "Somebody's personal data"))
