"""The quiz of a lesson.

Why no library: jupyterquiz, the one most used, takes its questions from JSON, has no French, and leaves it to the
reader to copy what she answered back into the notebook, for want of a way from the browser to a file. ipyquizjb keeps
answers in widgets that die with the kernel. Neither reads Markdown checklists, nor says that an answer is saved only
once it is.
"""
