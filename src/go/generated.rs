//! Types and values for property tests.
