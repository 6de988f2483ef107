//! The yardsticks: PostgreSQL doing the same work, driven by `pgbench -M prepared` on the copy of the brand.
use crate::{Options, brand::Brand};
use std::{fs, path::PathBuf, process::Command, time::Duration};

/// One unit of work as a pgbench script.
#[derive(Clone, Copy)]
pub enum Yard {
    /// A reservation of the hot SKU: lock, then write.
    RowLock,
    /// An order of two lines, a statement at a time.
    Statements,
    /// The same as one function call.
    Function,
    /// An order of two lines in a lean schema, a statement at a time.
    Lean,
    /// The same as one function call.
    LeanFunction,
    /// Sixteen reservations of the hot SKU in one function call.
    Sixteen,
}

const ROW_LOCK: &str = r"select gen_random_uuid() as rid, gen_random_uuid() as kid \gset
begin;
select on_hand, reserved, version from stock_levels where location_id = '{L}' and variant_id = '{V}' for update;
insert into reservations (id, location_id, principal_id, expires_at, created_at) values (:rid::uuid, '{L}',
    :kid::uuid, now() + interval '15 minutes', now());
insert into reservation_lines (reservation_id, variant_id, quantity, level_version) values (:rid::uuid, '{V}', 1, 1);
update stock_levels set reserved = reserved + 1, version = version + 1 where location_id = '{L}' and variant_id = '{V}';
insert into outbox_events (event_id, event_type, aggregate_type, aggregate_id, aggregate_version, location_id,
    payload, created_at) values (gen_random_uuid(), 'inventory.reservation_made.v1', 'reservation', :rid::uuid, 1,
    '{L}', jsonb_build_object('lines', 1), now());
insert into event_pending (event_ids) values (array[1]);
insert into idempotency_keys (principal_id, key, fingerprint, permission, location_id, status, body, version,
    created_at) values (:kid::uuid, :rid, decode(md5(:rid) || md5(:kid), 'hex'), 'inventory' || chr(58) || 'reserve',
    '{L}', 201, repeat('x', 450), 1, now());
commit;
";

const STATEMENTS: &str = r"\set n random(0, 19999)
select location_id as l, first as a, second as b, gen_random_uuid() as oid, gen_random_uuid() as rid from bench_pairs
    where n = :n \gset
begin;
select on_hand, reserved, version from stock_levels where location_id = :l::uuid and variant_id in (:a::uuid,
    :b::uuid) order by location_id, variant_id for update;
insert into reservations (id, location_id, order_id, principal_id, expires_at, created_at) values (:rid::uuid,
    :l::uuid, :oid::uuid, :oid::uuid, now() + interval '30 minutes', now());
insert into reservation_lines (reservation_id, variant_id, quantity, level_version) values (:rid::uuid, :a::uuid, 1,
    1), (:rid::uuid, :b::uuid, 1, 1);
insert into orders (id, channel, currency, location_id, reservation_id, total_minor, customer, placed_by,
    hold_expires_at, created_at, updated_at) values (:oid::uuid, 'web', 'EUR', :l::uuid, :rid::uuid, 2000, '{}',
    :oid::uuid, now() + interval '30 minutes', now(), now());
insert into order_lines (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor) values
    (:oid::uuid, 1, :a::uuid, 'MC-00001', 'A lipstick, Rouge', 1, 1000, 1000), (:oid::uuid, 2, :b::uuid, 'MC-00002',
    'Another, Rose', 1, 1000, 1000);
update stock_levels set reserved = reserved + 1, version = version + 1 where location_id = :l::uuid and variant_id in
    (:a::uuid, :b::uuid);
insert into outbox_events (event_id, event_type, aggregate_type, aggregate_id, aggregate_version, location_id,
    payload, created_at) values (gen_random_uuid(), 'orders.order_placed.v1', 'order', :oid::uuid, 1, :l::uuid,
    jsonb_build_object('number', 1, 'channel', 'web', 'total_minor', 2000), now());
insert into event_pending (event_ids) values (array[1]);
insert into idempotency_keys (principal_id, key, fingerprint, permission, location_id, status, body, version,
    created_at) values (:oid::uuid, :rid, decode(md5(:rid) || md5(:oid), 'hex'), 'orders' || chr(58) || 'place',
    :l::uuid, 201, repeat('x', 1200), 1, now());
commit;
";

const LEAN: &str = r"\set n random(0, 19999)
select location_id as l, first as a, second as b, gen_random_uuid() as oid, gen_random_uuid() as kid from bench_pairs
    where n = :n \gset
begin;
insert into lean_keys values (:kid::uuid, :oid);
select on_hand, reserved from lean_levels where location_id = :l::uuid and variant_id in (:a::uuid, :b::uuid) order
    by location_id, variant_id for no key update;
update lean_levels set reserved = reserved + 1 where location_id = :l::uuid and variant_id in (:a::uuid, :b::uuid);
insert into lean_orders (id, location_id, total_minor) values (:oid::uuid, :l::uuid, 2000);
insert into lean_lines values (:oid::uuid, 1, :a::uuid, 1, 1000), (:oid::uuid, 2, :b::uuid, 1, 1000);
insert into lean_reservations values (gen_random_uuid(), :oid::uuid, :l::uuid, :a::uuid, 1), (gen_random_uuid(),
    :oid::uuid, :l::uuid, :b::uuid, 1);
insert into lean_outbox (payload) values (jsonb_build_object('order', :oid::uuid, 'total', 2000));
commit;
";

impl Yard {
    pub fn name(self) -> &'static str {
        match self {
            Self::RowLock => "row lock per request",
            Self::Statements => "separate statements",
            Self::Function => "function call",
            Self::Lean => "lean schema, separate statements at 16 clients",
            Self::LeanFunction => "lean schema, function call at 32 clients",
            Self::Sixteen => "sixteen in one function call",
        }
    }

    fn script(self, brand: &Brand) -> String {
        match self {
            Self::RowLock => ROW_LOCK.replace("{L}", &brand.hot.location).replace("{V}", &brand.hot.variant),
            Self::Statements => STATEMENTS.into(),
            Self::Function => "\\set n random(0, 19999)\nselect bench_order(:n);\n".into(),
            Self::Lean => LEAN.into(),
            Self::LeanFunction => "\\set n random(0, 19999)\nselect lean_order(:n);\n".into(),
            Self::Sixteen => format!("select hot_batch('{}', '{}');\n", brand.hot.location, brand.hot.variant),
        }
    }

    /// The number of clients with which it is fastest.
    pub fn best_clients(self, brand: &Brand) -> usize {
        let clients: &[usize] = match self {
            Self::Lean => return 16,
            Self::LeanFunction => return 32,
            Self::Sixteen => &[4, 8, 16],
            _ => &[8, 16, 32, 64],
        };
        let tries: Vec<_> =
            clients.iter().map(|clients| (self.rate(brand, *clients, Duration::from_secs(2)), *clients)).collect();
        let best = tries.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or(16, |best| best.1);
        eprintln!(
            "  {}: {}",
            self.name(),
            tries.iter().map(|(rate, c)| format!("{c} clients {rate:.0}/s")).collect::<Vec<_>>().join(", ")
        );
        best
    }

    /// Units of work a second.
    pub fn rate(self, brand: &Brand, clients: usize, time: Duration) -> f64 {
        let file = brand.folder.path().join("yard.script");
        fs::write(&file, self.script(brand)).unwrap();
        let output = Command::new(pgbench())
            .args(["-n", "-M", "prepared", "-j", "2", "-c"])
            .arg(clients.to_string())
            .args(["-T", &time.as_secs().to_string(), "-f"])
            .arg(&file)
            .arg(brand.url("yard"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        let tps: f64 = tps.unwrap_or_else(|| panic!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr)));
        if matches!(self, Self::Sixteen) { tps * 16.0 } else { tps }
    }
}

fn pgbench() -> PathBuf {
    let mut found: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .map(|folders| folders.flatten().map(|folder| folder.path().join("bin/pgbench")).collect())
        .unwrap_or_default();
    found.sort();
    found.into_iter().rev().find(|path| path.exists()).unwrap_or_else(|| "pgbench".into())
}

/// Ours and the yardstick in turns: rates of each.
pub fn in_turns(yard: Yard, brand: &Brand, options: &Options, mut ours: impl FnMut() -> f64) -> Vec<(f64, f64)> {
    let clients = yard.best_clients(brand);
    (0..options.rounds).map(|_| (ours(), yard.rate(brand, clients, options.time))).collect()
}
