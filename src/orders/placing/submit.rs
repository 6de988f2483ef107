//! Handing an order in: it is prepared anew while others change what it was prepared from, and what cannot be filled is
//! counted as demand that was not met.
use super::place::{alone_at, prepared};
use crate::{
    kernel::{Code, Result, actor::Permission},
    orders::{model::NewOrder, read::OrderView, service::Services},
    platform::{
        group_commit::{Refused, busy},
        idempotency::{Caller, Recorded},
    },
};
use std::time::{Duration, Instant};

/// Places an order. Where no location is named, the first by priority that has everything fills it, or the fewest that
/// together do; the rows of a few that seem to are locked together, and decide.
pub async fn place(services: &Services, caller: Caller, new: NewOrder) -> Result<Recorded<OrderView>> {
    let (actor, inventory) = (caller.actor.clone(), &services.inventory);
    let (skus, units): (Vec<_>, Vec<_>) = new.lines.iter().map(|(sku, units)| (sku.clone(), units.get())).unzip();
    let choices = new.choices.clone();
    // Whoever may sell from one location alone asked for it there.
    let (location, channel) = (new.location.or_else(|| alone_at(&actor)), Some(new.channel));
    let answer = placed(services, caller, new).await;
    if let Err(refusal) = &answer
        && refusal.code() == Code::OutOfStock
    {
        // The SKUs are remembered: they were looked at to be refused.
        if let Ok(offers) = inventory.catalog.lines(&inventory.db, skus, Some(&choices)).await {
            let lines: Vec<_> = offers.lines.iter().map(|offer| offer.variant.id).zip(units).collect();
            inventory.note_unmet(refusal, location, channel, &lines);
        }
    }
    answer
}

async fn placed(services: &Services, caller: Caller, new: NewOrder) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, .. } = caller;
    let inventory = &services.inventory;
    actor.require_channel(new.channel)?;
    if let Some(location) = new.location {
        actor.require_at(Permission::OrdersPlace, location, "location")?;
    }
    let (began, mut choice, mut conflicts) = (Instant::now(), 0, 0);
    loop {
        let (actor, key) = (actor.clone(), key.clone());
        choice += 1;
        let command = match prepared(services, &actor, new.clone(), choice > BY_INDEX).await {
            Ok(command) => command,
            // An earlier call under the key may have been answered when all was well.
            Err(why) => {
                return inventory.group_commit.submit(actor, Permission::OrdersPlace, key, Refused::new(why)).await;
            }
        };
        let (may_be_elsewhere, has_whole) = (command.new.location.is_none(), command.has_whole);
        let tries = if has_whole { CHOICES } else { SPLITS };
        let is_in_time = began.elapsed() < LONGEST;
        match inventory.group_commit.submit(actor, Permission::OrdersPlace, key, command).await {
            // In a rush the locations that were looked at may be emptied meanwhile, and others not, or several
            // together.
            Err(error) if error.code() == Code::OutOfStock && may_be_elsewhere && choice < tries && is_in_time => {}
            Err(error) if error.code() == Code::OutOfStock && may_be_elsewhere && has_whole => {
                return Err(busy("others have emptied each place that was looked at"));
            }
            // Another instance has written an order of this name in the same moment, or changed a price: it is seen the
            // next time.
            Err(error) if error.code() == Code::Conflict && conflicts < TRIES => {
                (choice, conflicts) = (choice - 1, conflicts + 1);
                // A price that has just turned by the clock of the database has not yet by a clock that is behind.
                tokio::time::sleep(PAUSE * conflicts).await;
            }
            done => return done,
        }
    }
}

/// Times that an order is priced while prices change all the time.
const TRIES: u32 = 24;

/// The pause after the first conflict; it grows with each.
const PAUSE: Duration = Duration::from_millis(2);

/// Times that locations are looked for while others empty each that has everything. It is sold out when a look finds
/// none.
const CHOICES: usize = 32;

/// Times that several locations are looked for which have everything together.
const SPLITS: usize = 5;

/// Times that locations are looked for in the index, before the tables are asked.
const BY_INDEX: usize = 3;

/// The longest time for which locations are looked for.
const LONGEST: Duration = Duration::from_secs(3);
