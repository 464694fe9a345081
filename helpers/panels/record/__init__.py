"""Panels on the record of the nineteen women, and what a notebook needs beside them."""

from helpers.panels.record.women import DetentionTimeline, ReleaseCurve, SevenRows
from helpers.study.record import followed, women_record

__all__ = ["DetentionTimeline", "ReleaseCurve", "SevenRows", "followed", "women_record"]
