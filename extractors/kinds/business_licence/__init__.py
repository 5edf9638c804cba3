"""Business licences (营业执照) of every form since 2006: one sheet, one record."""

from extractors.kinds.business_licence.parts import parts
from extractors.kinds.business_licence.recognition import is_licence
from extractors.kinds.business_licence.record import extract

__all__ = ["extract", "is_licence", "parts"]
