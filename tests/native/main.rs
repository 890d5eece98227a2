//! What holds without a browser: the session and all that is beneath it, driven by a clock of the
//! tests' own, over modules assembled from WAT.

mod architecture;
mod board;
mod calls;
mod driver;
mod imports;
mod limits;
mod refusals;
mod signatures;
mod suspension;
