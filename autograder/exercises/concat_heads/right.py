"""concat_heads, right in other ways."""

import numpy as np


def matrix_form(H):
    """Swap heads and words, then reshape."""
    *batch, n_heads, n_tokens, d_head = H.shape
    return np.swapaxes(H, -3, -2).reshape(*batch, n_tokens, n_heads * d_head)


def list_of_heads(H):
    """Take the heads one by one and put them side by side."""
    return np.concatenate([H[..., head, :, :] for head in range(H.shape[-3])], axis=-1)


def filled_head_by_head(H):
    """An empty array, filled by a loop over the heads."""
    *batch, n_heads, n_tokens, d_head = H.shape
    rows = np.empty((*batch, n_tokens, n_heads * d_head), dtype=H.dtype)
    for head in range(n_heads):
        rows[..., head * d_head : (head + 1) * d_head] = H[..., head, :, :]
    return rows


def einsum_of_axes(H):
    """The swap of axes as an einsum."""
    return np.einsum("...hnd->...nhd", H).reshape(*H.shape[:-3], H.shape[-2], -1)


def through_torch(H):
    """The library's transpose and flatten, brought back to NumPy."""
    import torch

    return torch.from_numpy(H.copy()).transpose(-3, -2).flatten(-2).numpy()
