"""Comment Widget: comments for other people's pages, without JavaScript.

A request flows one way through this folder:

    routes.py -> <noun>/endpoints.py -> <noun>/forms.py -> <noun>/<verb>.py -> <noun>/store.py -> templates/<noun>/

Looking for an address: routes.py. A verb: the file of that name. A table: that noun's store.py.
Words on a page: templates/<noun>/. A setting of the server: settings.py; of a site: sites/site.py.
"""

__version__ = "0.1.0"
