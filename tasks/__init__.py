"""The stages: pure functions from records to records. They know neither Prefect nor DuckDB."""
