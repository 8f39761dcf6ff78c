"""Stands in the page where PyTorch would be, and says where PyTorch is."""


class NoPyTorchHereError(ModuleNotFoundError):
    """Raised by `import torch`: a browser has no PyTorch."""

    def _render_traceback_(self):
        """What IPython prints: the words alone."""
        return str(self).splitlines()


raise NoPyTorchHereError(
    "PyTorch does not run in a browser.\n"
    "The NumPy cells do: go on with the next one.\n"
    "For the PyTorch cells open this chapter on Colab or Binder, or on your own machine;\n"
    "the buttons are at the top of its page in the book:\n"
    "$site/"
)
