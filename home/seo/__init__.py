"""What the shop tells search engines, feed readers and marketplaces: public facts, no others.

``pages`` says which pages there are and where, ``sitemaps`` and ``robots`` lead a search engine
to them, ``head`` and ``structured_data`` say on each page what it is, ``news`` tells who
follows the shop what is new, and ``merchant`` and ``catalogue`` hand the whole catalogue over.
"""
