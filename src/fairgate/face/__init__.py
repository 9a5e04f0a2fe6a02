"""The face part: pixels to features to comparison score; pipeline.py is the only place that orders the stages."""
