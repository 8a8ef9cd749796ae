"""What people share: the groups they are in, and assistants."""

from flask import Blueprint

from functions.together import assistants, groups

bp = Blueprint("together", __name__, url_prefix="/api")
bp.register_blueprint(groups.bp)
bp.register_blueprint(assistants.bp)
