"""What does a source say? Files as the engine reads them: bytes, records, sheets, statements, cells."""
