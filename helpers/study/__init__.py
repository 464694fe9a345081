"""This paper: vocabulary, samples, clocks, models, record. Frames in, fits out; no widgets."""
