"""The parts of the page: getting paid, revenue, and how we work with clients."""
