//! Every function, byte by byte.
