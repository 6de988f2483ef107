//! Parts of a transaction that may be refused alone.
use super::Write;
use crate::kernel::Result;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

#[expect(clippy::disallowed_methods, reason = "the one home of savepoints: diesel nests transactions as such")]
impl Write<'_> {
    /// Does a part of the transaction. Of a part that is refused nothing is left; the transaction goes on.
    pub fn part<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let told = self.outbox().count();
        AnsiTransactionManager::begin_transaction(self.conn())?;
        match work(self) {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(self.conn())?;
                Ok(value)
            }
            Err(error) => {
                AnsiTransactionManager::rollback_transaction(self.conn())?;
                self.outbox().forget_after(told);
                Err(error)
            }
        }
    }

    /// Does a part of the transaction for its outcome alone: nothing of it is left.
    pub fn rehearse<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let told = self.outbox().count();
        AnsiTransactionManager::begin_transaction(self.conn())?;
        let outcome = work(self);
        AnsiTransactionManager::rollback_transaction(self.conn())?;
        self.outbox().forget_after(told);
        outcome
    }
}
