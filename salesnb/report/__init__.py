"""How do notebooks become a pack of pages? Run, export, index. This room knows notebooks and HTML, no sales."""
