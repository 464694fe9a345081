"""Where a learner's answers and settings are kept."""
