"""Panels on attention in the press, and what a notebook needs beside them."""

from helpers.panels.media.attention import (
    AttentionWindow,
    EventStudy,
    LastingPower,
    OnePlus,
    RawAttention,
)

__all__ = ["AttentionWindow", "EventStudy", "LastingPower", "OnePlus", "RawAttention"]
