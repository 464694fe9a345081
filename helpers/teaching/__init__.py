"""The instructor's side: sets, plans, handouts, class mode, collecting, report."""
