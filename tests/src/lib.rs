//! Shared pieces of the suites in `tests/tests/`.
