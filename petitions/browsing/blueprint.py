"""The blueprint of the public pages, and that of the few addresses without a language in them."""

from flask import Blueprint

from petitions.web import room_blueprint

bp = room_blueprint("browsing")
door = Blueprint("door", __name__)
