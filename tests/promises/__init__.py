"""Each promise to users, kept by tests under its own name.  ``docs/promises.md`` lists them."""
