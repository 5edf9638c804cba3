"""Business licences (营业执照) of every form since 2006: one page, one record."""

from extractors.kinds.business_licence.recognition import is_licence
from extractors.kinds.business_licence.record import extract

__all__ = ["extract", "is_licence"]
