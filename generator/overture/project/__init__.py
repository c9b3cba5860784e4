"""What stands on a disk: projects, what changes in them, and how a change is carried out."""
