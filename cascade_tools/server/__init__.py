"""The Voila app, sign-in, pages, the HTTP face of records, and starting kernels."""
