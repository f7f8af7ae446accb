"""Price batches: work their prices out, approve them, end them."""

from .making import copy, for_products
from .writing import CannotApproveError, CannotEndError, approve, end

__all__ = ["CannotApproveError", "CannotEndError", "approve", "copy", "end", "for_products"]
