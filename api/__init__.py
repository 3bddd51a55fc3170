"""The way in: JSON API, web pages, command line, sign-in, rights, audit, and the composition root."""
