"""The positive and the negative list of a catalogue, as HTML and XLSX. Not here: scores."""

from orchestration.publishing.catalogue_lists.lists import print_catalogue

__all__ = ["print_catalogue"]
