//! Points at which a test may let the process end or panic: `FAILPOINTS="lane_after_commit=3*off->return"` ends it at
//! the fourth passing, `=1*panic` panics at the first. No build but the tests' has any.

/// A location between two steps that must both happen or be told apart afterwards.
#[cfg(feature = "mutants")]
pub fn point(name: &'static str) {
    fail::fail_point!(name, |_| std::process::abort());
}

/// A location between two steps that must both happen or be told apart afterwards.
#[cfg(not(feature = "mutants"))]
#[inline]
pub fn point(_: &'static str) {}

/// Reads which points are set; they are while what is returned lives.
#[cfg(feature = "mutants")]
pub fn planted() -> impl Drop {
    fail::FailScenario::setup()
}
