from catalog.admin.pictures_report import PicturesReport

from .reports import register_reports

register_reports([PicturesReport], first=290)
