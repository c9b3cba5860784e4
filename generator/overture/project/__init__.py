"""Projects: creating, planning and applying changes, and checking their state."""
