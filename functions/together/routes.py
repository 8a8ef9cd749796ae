"""What people share: the groups they are in, assistants, and prompts."""

from flask import Blueprint

from functions.together import assistants, groups, prompts

bp = Blueprint("together", __name__, url_prefix="/api")
bp.register_blueprint(groups.bp)
bp.register_blueprint(assistants.bp)
bp.register_blueprint(prompts.bp)
