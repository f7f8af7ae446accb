"""What listings ask of products, in the memory of each process: sets, orders, ranges, counts."""

from catalog.columns.keeping import keeper

using = keeper.using

__all__ = ["keeper", "using"]
