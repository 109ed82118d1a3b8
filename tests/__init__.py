"""The project's tests; `python -m tests` runs lint, types and tests."""
