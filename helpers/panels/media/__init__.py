"""Panels on attention in the press, and what a notebook needs beside them."""

from helpers.panels.media.attention import EventStudy, RawAttention
from helpers.panels.media.readings import AttentionWindow, LastingPower, OnePlus

__all__ = ["AttentionWindow", "EventStudy", "LastingPower", "OnePlus", "RawAttention"]
