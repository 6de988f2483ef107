//! The refund of a return: how much of its price goes back to who paid it.
use crate::{
    kernel::{Actor, Code, Error, Result},
    orders::{
        actions::OrderActions,
        model::{OrderEventKind, OrderStatus},
        returns::{
            model::{Return, ReturnStatus},
            rules,
            working_set::Returns,
        },
        rules::OrderMove,
        timeline::By,
        working_set::Orders,
    },
    payments::{PaymentActions, Payments},
    platform::group_commit::UnitOfWork,
};

/// Gives the price of a return and its share of the shipping back, less what is withheld, to who paid it. The order is
/// returned when all of it is.
pub fn refund(uow: &mut UnitOfWork, who: &Actor, mut back: Return, withheld_minor: i64) -> Result<Return> {
    let id = back.order_id;
    back.withheld_minor = withheld_minor;
    let closed = uow.of::<Returns>()?.of(id).filter(|of| of.status == ReturnStatus::Closed && of.id != back.id);
    let closed: Vec<_> = closed.cloned().collect();
    let row = uow.of::<Orders>()?.row(id)?;
    (back.shipping_minor, back.shipping_tax_minor) = rules::shipping_share(row, &closed, &back);
    let credited = row.order.credited_minor + back.credited_minor();
    let at_most = row.order.total_minor - credited;
    // What shipping cost pays for no goods.
    let given: i64 = closed.iter().map(|of| of.shipping_minor).sum::<i64>() + back.shipping_minor;
    if at_most < 0 || row.order.total_minor - row.order.shipping_minor < credited - given {
        let detail = format!("order {} would be paid back more than it cost", row.order.number);
        return Err(Error::refused(Code::PaymentExceedsTotal, detail));
    }
    let is_over = row.is_back();
    let before = uow.of::<Payments>()?.sums(id);
    let sums = uow.collect_order_due(id, at_most)?;
    // What was never taken is no longer owed, and nothing of it is given back. A refund that was refused before and is
    // asked for again now belongs to the return of which it was.
    back.refund_minor = (sums.asked_refund - before.asked_refund).min(back.credited_minor());
    let by = By::of(who).for_reason(Some(&back.number));
    let step = OrderEventKind::PartReturned;
    let row = uow.change_order(by, id, step, |order| {
        order.credited_minor = credited;
        order.take(sums);
    })?;
    if row.order.owed_minor() == 0 && row.order.authorized_minor == 0 {
        // What could not be taken need not be taken any more: no one has to look at it.
        uow.clear_failures(id)?;
    }
    if is_over && matches!(row.order.status, OrderStatus::Shipped | OrderStatus::Delivered) {
        uow.move_order(by, id, OrderMove::Return, |_| {})?;
    }
    Ok(back)
}
