"""Pages of accounts: coming in, the profile, the members of one's company."""
