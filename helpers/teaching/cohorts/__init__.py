"""Cohorts of their own for students: fresh draws with the same lesson."""
