//! Rehearsals: work is decided as it would be and leaves no trace.
use super::documents::Documents;
use crate::{
    inventory::stock::Stock,
    kernel::{Actor, Result},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::Answer,
    },
};

/// A job of which only the answer is wanted. It may change stock and papers; other books it must leave alone.
pub struct Rehearsed<J>(pub J);

impl<J: Command> Command for Rehearsed<J> {
    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        self.0.lock(uow)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Answer> {
        let (stock, papers) = (uow.of::<Stock>()?.clone(), uow.of::<Documents>()?.clone());
        let told = uow.outbox.count();
        let answer = self.0.decide(uow, who);
        *uow.of::<Stock>()? = stock;
        *uow.of::<Documents>()? = papers;
        uow.outbox.forget_after(told);
        answer
    }
}
