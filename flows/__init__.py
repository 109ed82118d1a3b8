"""The pipeline: settings, the refresh of stages in order, the Prefect flow and the command line."""
