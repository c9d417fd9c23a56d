"""Settings, territories and bodies as an administrator edits them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from petitions.audit.queries import newest
from petitions.db import reading
from petitions.reference import queries as reference
from tests import making
from tests.console.beside import error_beside

FIGURE = {"population": "2320", "on_date": "2026-01-01", "source": "Bureau of National Statistics, bulletin"}


def test_a_setting_moves_with_a_reason_and_goes_back(administrator: FlaskClient) -> None:
    address = "/en/console/settings/sending_days"
    assert administrator.post(address, data={"value": "5", "reason": "Order No 1"}).status_code == 303
    with reading() as session:
        assert reference.policy(session).integer("sending_days") == 5
        assert newest(session, subject="policy:sending_days")[0].act == "set-policy"
    assert "Order No 1" in administrator.get(address).get_data(as_text=True)
    assert administrator.post(f"{address}/reset").status_code == 303
    with reading() as session:
        assert reference.policy(session).integer("sending_days") == 3
    assert administrator.post(f"{address}/reset").status_code == 404


@pytest.mark.parametrize(
    ("name", "value", "reason", "field"),
    [
        ("sending_days", "many", "Order No 1", "value"),
        ("sending_days", "9" * 300, "Order No 1", "value"),
        ("sending_days", "9" * 301, "Order No 1", "value"),
        ("sending_days", "5", " ", "reason"),
        ("sending_by_hand", "perhaps", "Order No 1", "value"),
        ("sending_by_hand", "", "Order No 1", "value"),
        ("order_of_check_and_support", "no_check", "Order No 1", "value"),
        ("working_hours_end", "08:00", "Order No 1", "value"),
        ("working_hours_end", "evening", "Order No 1", "value"),
        ("edition_2026_in_force_from", "2026-13-01", "Order No 1", "value"),
        ("refused_text_hidden_under", "one", "Order No 1", "value"),
    ],
)
def test_a_bad_value_is_refused_beside_the_field(
    administrator: FlaskClient, name: str, value: str, reason: str, field: str
) -> None:
    answer = administrator.post(f"/en/console/settings/{name}", data={"value": value, "reason": reason})
    assert answer.status_code == 422
    assert error_beside(answer.get_data(as_text=True), field)
    with reading() as session:
        assert reference.policy_overrides(session) == {}


@pytest.mark.parametrize("name", ["clocks_pause", "retention_months"])
def test_a_setting_with_nothing_to_choose_takes_no_value(administrator: FlaskClient, name: str) -> None:
    assert "<h2>Change</h2>" not in administrator.get(f"/en/console/settings/{name}").get_data(as_text=True)
    answer = administrator.post(f"/en/console/settings/{name}", data={"value": "1", "reason": "x"})
    assert answer.status_code == 409


def test_a_population_is_entered_with_date_and_source(administrator: FlaskClient) -> None:
    address = f"/en/console/territories/{making.NO_POPULATION}"
    assert administrator.post(f"{address}/population", data=FIGURE).status_code == 303
    text = administrator.get(address).get_data(as_text=True)
    assert "2,320" in text and FIGURE["source"] in text and "Entered by staff" in text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": ""}, "source"),
        ({"source": " \u0000 "}, "source"),
        ({"source": "x" * 501}, "source"),
        ({"population": ""}, "population"),
        ({"population": "many"}, "population"),
        ({"population": "0"}, "population"),
        ({"population": "-5"}, "population"),
        ({"population": "9" * 40}, "population"),
        ({"on_date": ""}, "on_date"),
        ({"on_date": "2026-02-30"}, "on_date"),
        ({"on_date": "2999-01-01"}, "on_date"),
    ],
)
def test_a_population_without_its_facts_is_refused_beside_the_field(
    administrator: FlaskClient, change: dict[str, str], field: str
) -> None:
    address = f"/ru/console/territories/{making.NO_POPULATION}/population"
    answer = administrator.post(address, data={**FIGURE, **change})
    assert answer.status_code == 422
    assert error_beside(answer.get_data(as_text=True), field)
    with reading() as session:
        unit = reference.territory(session, making.NO_POPULATION)
        assert unit is not None and unit.population is None


def test_a_unit_gets_new_names_and_a_new_unit_below_it(administrator: FlaskClient) -> None:
    names = {"name_kk": "Жаңа", "name_ru": "Новый", "name_en": "Novel"}
    address = f"/en/console/territories/{making.DISTRICT}"
    assert administrator.post(f"{address}/names", data={**names, "name_en": ""}).status_code == 422
    assert administrator.post(f"{address}/names", data=names).status_code == 303
    assert "Novel" in administrator.get(address).get_data(as_text=True)
    unit = {**names, "kato": "351699999", "kind": "settlement"}
    assert error_beside(
        administrator.post(f"{address}/new-unit", data={**unit, "kato": "35"}).get_data(as_text=True), "kato"
    )
    assert error_beside(
        administrator.post(f"{address}/new-unit", data={**unit, "kind": "district"}).get_data(as_text=True),
        "kind",
    )
    assert administrator.post(f"{address}/new-unit", data=unit).status_code == 303
    assert administrator.get("/en/console/territories/351699999").status_code == 200


def test_a_body_is_renamed_and_closed_to_new_petitions(administrator: FlaskClient) -> None:
    data = {f"name_{language}": f"New name {language}" for language in ("kk", "ru", "en")}
    data |= {f"head_title_{language}": f"Chair {language}" for language in ("kk", "ru", "en")}
    wrong = administrator.post("/en/console/bodies/mki", data={**data, "head_title_ru": "x" * 121})
    assert error_beside(wrong.get_data(as_text=True), "head_title_ru")
    assert administrator.post("/en/console/bodies/mki", data=data).status_code == 303
    with reading() as session:
        body = reference.body_by_slug(session, "mki")
        assert body is not None and (body.name_en, body.head_title_en, body.active) == (
            "New name en",
            "Chair en",
            False,
        )
