"""What a trainee touches on a page: the canvas, and what will stand beside it.

A verb of the package and a folder of it cannot share a name: importing the folder would hide the verb.
"""
