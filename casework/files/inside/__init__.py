"""What looks into files, in a process of its own: a module for each family of kinds.

Each module offers `check(file)`, which answers with the code of the kind that the file is or
raises `Refused`, and `words(file, kind)`, which yields its text piece by piece. Nothing here may import what the pages need: this
process begins anew for each file.
"""
