"""A reader's own table in the place of the synthetic rows: the box that takes it."""

from helpers.panels.own.box import OwnRows

__all__ = ["OwnRows"]
