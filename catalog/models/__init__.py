from .attributes import Attribute, AttributeChoice, ProductAttribute
from .categories import CategoryPage, CategoryProduct
from .collections import CollectionPage, CollectionProduct
from .jobs import Job
from .launches import Launch, LaunchPart
from .pictures import Picture, PictureRendition
from .price_batches import PriceBatch, PriceBatchLine, PriceBatchRun
from .prices import Price
from .products import (
    Brand,
    ProductCategory,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
    RelatedProduct,
)
from .settings import CatalogSettings
from .skus import Product, Sku
from .stock import Stock, StockMovement
from .tax import TaxClass

__all__ = [
    "Attribute",
    "AttributeChoice",
    "Brand",
    "CatalogSettings",
    "CategoryPage",
    "CategoryProduct",
    "CollectionPage",
    "CollectionProduct",
    "Job",
    "Launch",
    "LaunchPart",
    "Picture",
    "PictureRendition",
    "Price",
    "PriceBatch",
    "PriceBatchLine",
    "PriceBatchRun",
    "Product",
    "ProductAttribute",
    "ProductCategory",
    "ProductOption",
    "ProductPage",
    "ProductPicture",
    "ProductTag",
    "RelatedProduct",
    "Sku",
    "Stock",
    "StockMovement",
    "TaxClass",
]
