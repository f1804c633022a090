"""Rules of the team: when something is so, tell these people by these channels."""
