"""The blueprint of the pages and files in a language, and that of the short addresses without one."""

from flask import Blueprint

from petitions.web import room_blueprint

bp = room_blueprint("sharing")
door = Blueprint("sharing_door", __name__)
