"""The heat map: units by indicators in the colours of the catalogue, as pages, workbooks and a publication.

What the DAG and the command line call. Nothing here imports a drawing library until something is drawn.
"""

from orchestration.publishing.heat_map.load import load_heat_map
from orchestration.publishing.heat_map.model import HeatMap
from orchestration.publishing.heat_map.publish import Published, publish_heat_map
from orchestration.publishing.heat_map.render import render_html

__all__ = ["HeatMap", "Published", "load_heat_map", "publish_heat_map", "render_html"]
