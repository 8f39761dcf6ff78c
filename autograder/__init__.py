"""Apple in Context: chapters in, notebooks out; submissions in, grades out."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())  # a program says where its log goes
