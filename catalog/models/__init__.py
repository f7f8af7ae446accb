from .attributes import Attribute, AttributeChoice, ProductAttribute
from .categories import CategoryPage, CategoryProduct
from .collections import CollectionPage, CollectionProduct
from .jobs import Job
from .launches import Launch, LaunchBatch, LaunchPage
from .moved import MovedBranch
from .pictures import Picture, PictureRendition, RenditionWork
from .price_batches import PriceBatch, PriceBatchLine, PriceBatchRun
from .prices import Price, PriceWithdrawal
from .products import (
    Brand,
    ProductCategory,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
    RelatedProduct,
)
from .retired import ArchivePage, Retirement
from .settings import CatalogSettings
from .skus import Product, Sku
from .stock import Stock, StockMovement, StockState
from .tax import TaxClass

__all__ = [
    "ArchivePage",
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
    "LaunchBatch",
    "LaunchPage",
    "MovedBranch",
    "Picture",
    "PictureRendition",
    "Price",
    "PriceBatch",
    "PriceBatchLine",
    "PriceBatchRun",
    "PriceWithdrawal",
    "Product",
    "ProductAttribute",
    "ProductCategory",
    "ProductOption",
    "ProductPage",
    "ProductPicture",
    "ProductTag",
    "RelatedProduct",
    "RenditionWork",
    "Retirement",
    "Sku",
    "Stock",
    "StockMovement",
    "StockState",
    "TaxClass",
]
