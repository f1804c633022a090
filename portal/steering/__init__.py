"""How the team steers projects: templates, risks, weekly reports, boards and figures."""
