"""Which days count: plain days without frames in `days`, months and fiscal years of frames in `periods`."""
