"""Files and tables: arrays to NetCDF and Zarr and back, tables of text to arrays and back."""

from typing import TYPE_CHECKING

from migov._lazy import attach

if TYPE_CHECKING:
    from migov.io.files import read as read
    from migov.io.files import write as write
    from migov.io.tables import read_csv as read_csv
    from migov.io.tables import to_frame as to_frame
    from migov.io.tables import write_csv as write_csv

__all__ = ["read", "read_csv", "to_frame", "write", "write_csv"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "read": "migov.io.files",
            "read_csv": "migov.io.tables",
            "to_frame": "migov.io.tables",
            "write": "migov.io.files",
            "write_csv": "migov.io.tables",
        },
    )
