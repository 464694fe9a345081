"""The search that made the synthetic cohort."""
