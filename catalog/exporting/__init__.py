"""The catalogue as a table that a merchandiser can edit and ``catalog.importing`` can read.

``cells`` makes cells safe to open, ``columns`` and ``rows`` say what stands where,
``files`` writes CSV and XLSX, and ``run`` does all of it, row by row.
"""
