//! The binary; its commands come with the modules that they need.
fn main() {}
