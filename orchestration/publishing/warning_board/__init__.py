"""The warning board: what stands open by severity, what is new, overdue, struck off, and how it went over quarters.

What the DAG and the command line call. Not here: the rules, the ledgers of warnings and of tasks.
"""

from orchestration.publishing.warning_board.load import load_board
from orchestration.publishing.warning_board.model import Board
from orchestration.publishing.warning_board.publish import Published, publish_board
from orchestration.publishing.warning_board.render import render_html

__all__ = ["Board", "Published", "load_board", "publish_board", "render_html"]
