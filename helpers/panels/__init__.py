"""Interactive panels, a folder a topic; they know no file."""
