//! Rehearsals: work is decided as it would be and leaves no trace.
use crate::{
    inventory::{documents::Documents, stock::Stock},
    kernel::{Actor, Result},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::Outcome,
    },
};

/// A command of which only the outcome is wanted. It may change stock and documents, and nothing else.
pub struct Rehearsed<C>(pub C);

impl<C: Command> Command for Rehearsed<C> {
    type Output = C::Output;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        self.0.lock(uow)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<C::Output>> {
        let (stock, papers) = (uow.of::<Stock>()?.clone(), uow.of::<Documents>()?.clone());
        let told = uow.outbox.count();
        let answer = self.0.decide(uow, who);
        *uow.of::<Stock>()? = stock;
        *uow.of::<Documents>()? = papers;
        uow.outbox.forget_after(told);
        answer
    }
}
