"""Every door has one permission, every address is spelled one way."""

from __future__ import annotations

import re

from flask import Flask

from petitions.permissions import BY_ROLE, CITIZEN, EVERYONE, Permission

# The leading full stop: a standard's own address, .well-known.
KEBAB = re.compile(r"(?:\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)?|<[^>]+>(?:\.[a-z]+)?)?")


def doors(app: Flask) -> list[tuple[str, str]]:
    return [(rule.rule, rule.endpoint) for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_names_the_permission_it_needs(sqlite_app: Flask) -> None:
    unguarded = [
        (rule, endpoint)
        for rule, endpoint in doors(sqlite_app)
        if not isinstance(getattr(sqlite_app.view_functions[endpoint], "permission", None), Permission)
    ]
    assert not unguarded, f"put @requires(Permission...) under the route of: {unguarded}"


def test_every_permission_is_given_to_somebody_and_opens_a_door(sqlite_app: Flask) -> None:
    given = EVERYONE | CITIZEN | frozenset().union(*BY_ROLE.values())
    used = {sqlite_app.view_functions[endpoint].permission for _rule, endpoint in doors(sqlite_app)}
    assert given == set(Permission), "a permission nobody has, or one that is not in the enum"
    assert used == set(Permission), f"no door needs {set(Permission) - used}"


def test_addresses_are_kebab_case(sqlite_app: Flask) -> None:
    odd = [rule for rule, _e in doors(sqlite_app) if not all(KEBAB.fullmatch(part) for part in split(rule))]
    assert not odd, f"write addresses in kebab-case: {odd}"


def split(rule: str) -> list[str]:
    return re.sub(r"<any\([^)]*\):lang>", "lang", rule).strip("/").split("/")


def test_a_guest_is_let_through_public_doors_only(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for rule in sqlite_app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
            continue
        permission = sqlite_app.view_functions[rule.endpoint].permission
        if permission in EVERYONE:
            continue
        address = rule.rule
        for name, filler in (("lang", "kk"), ("petition_id", "1"), ("ref", "1")):
            address = re.sub(rf"<[^<>]*\b{name}>", filler, address)
        answer = client.get(re.sub(r"<[^>]+>", "1", address))
        assert answer.status_code in (302, 403), f"{rule.rule} answered a guest with {answer.status_code}"


def test_a_citizen_meets_a_closed_door_on_every_page_of_staff(sqlite_app: Flask, sign_in_citizen) -> None:
    client = sign_in_citizen("daniyar")
    for rule in sqlite_app.url_map.iter_rules():
        permission = getattr(sqlite_app.view_functions[rule.endpoint], "permission", None)
        if permission is None or permission in CITIZEN or "GET" not in (rule.methods or ()):
            continue
        address = re.sub(r"<[^<>]*\blang>", "kk", rule.rule)
        assert client.get(re.sub(r"<[^>]+>", "1", address)).status_code == 403, rule.rule
