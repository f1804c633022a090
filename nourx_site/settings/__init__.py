"""Settings: `base` is true everywhere; `dev`, `test` and `production` add a page each."""
