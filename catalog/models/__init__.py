from .categories import CategoryPage
from .pictures import Picture, PictureRendition
from .prices import Price
from .products import (
    Brand,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
)
from .skus import Product, Sku
from .stock import Stock, StockMovement

__all__ = [
    "Brand",
    "CategoryPage",
    "Picture",
    "PictureRendition",
    "Price",
    "Product",
    "ProductOption",
    "ProductPage",
    "ProductPicture",
    "ProductTag",
    "Sku",
    "Stock",
    "StockMovement",
]
