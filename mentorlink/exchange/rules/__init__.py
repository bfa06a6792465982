"""Reading files, knowing columns, turning cells into values: bytes and values in, values out."""
