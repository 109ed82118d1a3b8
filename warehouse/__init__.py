"""The DuckDB warehouse: its tables, its ledger and its publication. It knows no stage."""
