"""Reads ModGov, the committee system of most English and Welsh councils, through ``mgWebService.asmx``."""

from hub.adapters.modgov.errors import ModGovError
from hub.adapters.modgov.importer import ImportReport, import_modgov

__all__ = ["ImportReport", "ModGovError", "import_modgov"]
