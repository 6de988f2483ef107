//! Reservations: units set aside until a time.
mod expire;
pub mod http;
pub mod model;
mod reserve;
mod store;

pub use expire::expire_due;
pub use reserve::rows_of;
pub use store::{
    HeldRow, Reservation, ReservationLine, holds_there, lock_holds, reservation_lines, reservations_by_id,
    reservations_of, reservations_page,
};
