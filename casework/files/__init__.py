"""Files: kept under the hash of their bytes, outside the web root, looked into before they are.

What others call:

    from casework.files.store import FileMissing, FileTooLarge, Store, note
    from casework.files.looking import FileRefused

    files = Store.of(settings)                      # in a view: casework.web.files.files()
    kept = files.keep(stream, "Outcome letter.pdf") # outside any transaction; looks inside, scans
    kept = files.keep(stream, name, only=(DOCX,))   # kinds are in casework.files.kinds
    kept = files.keep_made(content, DOCX)           # what Casework wrote itself is not looked into
    kept.sha256, kept.size, kept.kind, kept.scan    # scan is "clean" or "not_scanned"

    begin_write(session)
    note(session, kept)                             # its row in `stored_file`; then begin_item, commit

    with files.open(sha256) as file: ...            # exactly the bytes that were kept, checked again
    files.text(sha256)                              # its words for the search, "" where it has none
    names.safe_name(typed), names.name_for(stem, PDF)  # names to save a file under

A file is kept before the transaction begins. Should that fail, the file is an orphan that no
row names and that does no harm. FileRefused says in sentences what is wrong with a file and
what to do; they begin with "It", so a page says first which file it is about.
"""
