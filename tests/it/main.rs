//! Every test here talks to a real server over HTTP, on a database of its own, and leaves books that add up.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod access;
mod api_keys;
mod assortments;
mod attributes;
mod availability;
mod bad_input;
mod barriers;
mod batches;
mod bundle_sums;
mod bundles;
mod carts;
mod catalog;
mod catalog_files;
mod chains;
mod changes;
mod codes;
mod content;
mod costs;
mod counts;
mod crash;
mod day;
mod demo;
mod documents;
mod due;
mod etags;
mod examples;
mod exports;
mod feed;
mod gate;
mod gift_cards;
mod gift_sets;
mod giving;
mod graphql;
mod group_commit;
mod groups;
mod imports;
mod index;
mod integrity;
mod inventory;
mod ledger;
mod linear;
mod lots;
mod machines;
mod money;
mod mutants;
mod near_expiry;
mod net_prices;
mod offline;
mod operations;
mod orders;
mod parcels;
mod part_returns;
mod payments;
mod people;
mod permissions;
mod pickups;
mod pipelined;
mod playground;
mod price_lists;
mod price_turns;
mod prices;
mod promotion_bodies;
mod promotion_ends;
mod promotions;
mod publications;
mod purchasing;
mod races;
mod random_carts;
mod replenishment;
mod reservations;
mod retention;
mod retries;
mod returns;
mod roles;
mod saga;
mod schema;
mod search;
mod selling;
mod sessions;
mod set_apart;
mod shelf_life;
mod shipping;
mod shipping_methods;
mod sourcing;
mod stripe;
#[allow(dead_code, reason = "the suite of faults needs more of it")]
mod support;
mod taxes;
mod tenders;
mod tills;
mod transfers;
mod undelivered;
mod unmet;
mod unread;
mod upgrade;
mod users;
mod way_back;
mod week;
