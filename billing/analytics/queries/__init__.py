"""The questions of analysis: sums that the database adds, few rows back. In the team's scope."""
