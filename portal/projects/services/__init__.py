"""Every change to projects and tasks, one module per subject."""
