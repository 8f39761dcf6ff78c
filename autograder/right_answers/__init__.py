"""Right answers in unusual style, which must pass; `matrix_form` is the fast one."""
