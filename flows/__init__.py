"""The pipeline: settings, the refresh of stages in order, the Prefect flow and the command line."""

import os

# Before numpy is loaded: its matrices are small here, and threads that wait for their share of one cost more than they do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
