"""What people share: the groups they are in."""

from flask import Blueprint

from functions.together import groups

bp = Blueprint("together", __name__, url_prefix="/api")
bp.register_blueprint(groups.bp)
