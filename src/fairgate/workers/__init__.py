"""Disposable processes that decode untrusted images; nothing is imported here, so that the child stays small."""
