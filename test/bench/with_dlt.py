"""How does dlt bring pages into a table?  For others.py, in a python of its own.

    with_dlt.py BASE_URL PAGE_SIZE DIRECTORY

Loads BASE_URL/rows into with_dlt.rows of the database that PGHOST and its like
name, and prints the seconds that took.
"""

import os
import sys
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"

# pylint: disable=import-error,wrong-import-position
import dlt
from dlt.sources.rest_api import rest_api_source


def main():
    base_url, size, directory = sys.argv[1:]
    source = rest_api_source({
        "client": {"base_url": base_url, "paginator": {
            "type": "page_number", "base_page": 1, "page_param": "page",
            "total_path": None, "stop_after_empty_page": True}},
        "resources": [{
            "name": "rows",
            "write_disposition": "replace",
            "endpoint": {"path": "rows", "data_selector": "data",
                         "params": {"per_page": int(size)}}}]},
        max_table_nesting=0)
    pipeline = dlt.pipeline(
        pipeline_name="bench", dataset_name="with_dlt",
        pipelines_dir=os.path.join(directory, "pipelines"),
        destination=dlt.destinations.postgres(
            "postgresql://%s:none@localhost/%s?host=%s&port=%s" % (
                os.environ.get("PGUSER", "postgres"),
                os.environ.get("PGDATABASE", "postgres"),
                os.environ["PGHOST"], os.environ.get("PGPORT", "5432"))))
    began = time.perf_counter()
    pipeline.run(source)
    print("%.3f" % (time.perf_counter() - began))


if __name__ == "__main__":
    main()
