//! The rules of counts. Pure.
use super::{
    Count, CountStatus as Status,
    store::{CountHead, CountLine},
};
use crate::kernel::{Code, Error, PrincipalId, Result};
use chrono::{DateTime, Utc};

impl CountLine {
    /// Units more (positive) or fewer than the books said when it was counted.
    pub fn variance(&self) -> Option<i32> {
        Some(self.counted? - self.expected?)
    }
}

impl CountHead {
    fn refuse<T>(&self, code: Code, why: &str) -> Result<T> {
        Err(Error::refused(code, format!("count {} {why}", self.number)))
    }

    fn step(&self, status: Status, now: DateTime<Utc>) -> Self {
        let is_over = matches!(status, Status::Approved | Status::Canceled);
        let closed_at = self.closed_at.or(is_over.then_some(now));
        Self { status, version: self.version + 1, updated_at: now, closed_at, ..self.clone() }
    }

    /// The head once lines were counted.
    pub fn counted(&self, now: DateTime<Utc>) -> Result<Self> {
        match self.status {
            Status::Counting => Ok(self.step(Status::Counting, now)),
            status => self.refuse(Code::CountNotOpen, &format!("is {status}")),
        }
    }

    /// Gives it up.
    pub fn canceled(&self, now: DateTime<Utc>) -> Result<Self> {
        match self.status {
            Status::Counting | Status::Review => Ok(self.step(Status::Canceled, now)),
            status => self.refuse(Code::CountNotOpen, &format!("is {status}")),
        }
    }

    /// Sends it back to be counted again.
    pub fn reopened(&self, now: DateTime<Utc>) -> Result<Self> {
        match self.status {
            Status::Review => Ok(Self { submitted_by: None, ..self.step(Status::Counting, now) }),
            status => self.refuse(Code::CountNotInReview, &format!("is {status}")),
        }
    }
}

impl Count {
    /// Hands it in to be approved. Lines that no one has counted are refused unless they are to be left alone.
    pub fn submitted(&self, by: PrincipalId, may_miss: bool, now: DateTime<Utc>) -> Result<CountHead> {
        let after = self.head.counted(now)?;
        let missing = self.lines.iter().filter(|line| line.counted.is_none()).count();
        if missing == self.lines.len() || (missing > 0 && !may_miss) {
            return self.head.refuse(Code::CountIncomplete, &format!("has {missing} lines that no one has counted"));
        }
        Ok(CountHead { status: Status::Review, submitted_by: Some(by), ..after })
    }

    /// Approves it: by someone who has neither counted nor handed it in.
    pub fn approved(&self, by: PrincipalId, now: DateTime<Utc>) -> Result<CountHead> {
        if self.head.status != Status::Review {
            return self.head.refuse(Code::CountNotInReview, &format!("is {}", self.head.status));
        }
        let counters = self.lines.iter().filter_map(|line| line.counted_by);
        if self.head.submitted_by == Some(by) || counters.into_iter().any(|counter| counter == by) {
            return self.head.refuse(Code::OwnCount, "is your own: someone else must approve it");
        }
        Ok(CountHead { approved_by: Some(by), ..self.head.step(Status::Approved, now) })
    }
}
