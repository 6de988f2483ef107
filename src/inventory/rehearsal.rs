//! Rehearsals: work is decided as it would be and leaves no trace.
use super::{Inventory, papers::Papers, stock::Stock};
use crate::{
    kernel::{Actor, Result},
    platform::{
        idempotency::Answer,
        intake::{Books, Job},
    },
};

/// A job of which only the answer is wanted. It may change stock and papers; other books it must leave alone.
pub struct Rehearsed<J>(pub J);

impl<J: Job> Job for Rehearsed<J> {
    fn ask(&self, books: &mut Books) -> Result<()> {
        self.0.ask(books)
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let (stock, papers) = (books.of::<Stock>()?.clone(), books.of::<Papers>()?.clone());
        let told = books.outbox.count();
        let answer = self.0.decide(books, who);
        *books.of::<Stock>()? = stock;
        *books.of::<Papers>()? = papers;
        books.outbox.forget_after(told);
        answer
    }
}

impl Inventory {
    /// The same stock, of which whatever is handed in by `settle` is decided and not done.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self { is_rehearsal: true, ..self.clone() }
    }
}
