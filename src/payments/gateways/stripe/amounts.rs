//! Amounts as Stripe counts them: in the smallest unit of ISO 4217, with exceptions
//! (<https://docs.stripe.com/currencies#zero-decimal>, `#special-cases`, `#three-decimal`).
use crate::kernel::{Code, Currency, Error, Money, Result};

/// Currencies that Stripe counts whole.
const WHOLE: [&str; 15] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];

fn decimals(currency: Currency) -> u32 {
    match currency.code() {
        "ISK" | "UGX" => 2,
        code if WHOLE.contains(&code) => 0,
        _ => currency.decimals(),
    }
}

/// An amount as Stripe wants it; refused where it has none: thousandths of a dinar must end in a zero.
pub fn charged(money: Money) -> Result<i64> {
    let (ours, theirs) = (money.currency.decimals(), decimals(money.currency));
    let refused = || {
        let detail = format!("Stripe has no amount for {} minor units of {}", money.amount_minor, money.currency);
        Error::refused(Code::AmountNotRepresentable, detail)
    };
    let amount = money.amount_minor;
    let (more, less) = (10_i64.pow(theirs.saturating_sub(ours)), 10_i64.pow(ours.saturating_sub(theirs)));
    if amount % less != 0 {
        return Err(refused());
    }
    let counted = (amount / less).checked_mul(more).ok_or_else(refused)?;
    match ours == 3 && counted % 10 != 0 {
        true => Err(refused()),
        false => Ok(counted),
    }
}
