//! The example of each type of event in `docs/events`, which every event of every test is compared with: consumers rely
//! on the names of the fields and on the types of their values.
use super::database::TestDatabase;
use coffret::platform::packed::Packed;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types};
use serde_json::Value;
use std::{collections::BTreeMap, path::PathBuf};

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = sql_types::Text)]
    event_type: String,
    #[diesel(sql_type = sql_types::Binary)]
    data: Packed,
    #[diesel(sql_type = sql_types::Jsonb)]
    whole: Value,
}

/// Events with all that the feed tells of them.
const TOLD: &str = "select event_type, coalesce(packed, convert_to(payload::text, 'UTF8')) as data, \
    jsonb_strip_nulls(jsonb_build_object( \
    'specversion', '1.0', 'source', '/v1/events', 'datacontenttype', 'application/json', 'position', id, \
    'id', event_id, \
    'type', event_type, 'aggregate', aggregate_type, 'subject', aggregate_id, 'version', aggregate_version, \
    'location', location_id, 'time', created_at)) as whole from outbox_events order by id desc limit 3000";

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/events")
}

/// The example of a type, as the feed serves it.
pub fn example(kind: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder().join(format!("{kind}.json"))).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("the example of {kind}: {error}")))
}

/// Writes an event as the example of its type, unless there is one of which less is null or empty.
fn write(told: &Told) {
    let mut whole = told.whole.clone();
    whole["data"] = told.data.json().unwrap();
    if example(&told.event_type).is_none_or(|before| blanks(&before["data"]) > blanks(&whole["data"])) {
        let text = serde_json::to_string_pretty(&whole).unwrap() + "\n";
        std::fs::write(folder().join(format!("{}.json", told.event_type)), text).unwrap();
    }
}

fn blanks(value: &Value) -> usize {
    match value {
        Value::Null => 1,
        Value::Array(of) if of.is_empty() => 1,
        Value::Array(of) => of.iter().map(blanks).sum(),
        Value::Object(of) => of.values().map(blanks).sum(),
        _ => 0,
    }
}

#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not a setting of the service")]
fn are_written() -> bool {
    std::env::var_os("COFFRET_WRITE_EXAMPLES").is_some()
}

/// Refuses events of a test whose data is not of the shape of their type's example.
pub fn compare(database: &TestDatabase) {
    let mut conn = PgConnection::establish(&database.url).unwrap();
    let told: Vec<Told> = sql_query(TOLD).load(&mut conn).unwrap();
    if are_written() {
        return told.iter().for_each(write);
    }
    let mut examples = BTreeMap::new();
    // Events that a test makes up itself are no one's to rely on.
    let told = told.into_iter().filter(|told| !told.event_type.starts_with("test."));
    for Told { event_type, data, .. } in told {
        let payload: Value = data.json().unwrap();
        let example = examples.entry(event_type.clone()).or_insert_with(|| example(&event_type));
        let Some(example) = example else { panic!("docs/events has no example of {event_type}, such as {payload:#}") };
        let differs = differences(&example["data"], &payload, "data");
        assert!(differs.is_empty(), "{event_type} is not as its example in docs/events: {differs:?}\n{payload:#}");
    }
}

/// The places at which two values are not of one shape. A null fits everything, and so does a list without elements.
pub fn differences(example: &Value, seen: &Value, at: &str) -> Vec<String> {
    match (example, seen) {
        (Value::Null, _) | (_, Value::Null) => vec![],
        (Value::Object(example), Value::Object(seen)) => {
            let missing =
                example.keys().filter(|key| !seen.contains_key(*key)).map(|key| format!("{at}.{key} is missing"));
            let more = seen.keys().filter(|key| !example.contains_key(*key)).map(|key| format!("{at}.{key} is new"));
            let deeper = example.iter().filter_map(|(key, of)| Some((key, of, seen.get(key)?)));
            let deeper = deeper.flat_map(|(key, of, seen)| differences(of, seen, &format!("{at}.{key}")));
            missing.chain(more).chain(deeper).collect()
        }
        (Value::Array(example), Value::Array(seen)) => {
            let Some(of) = example.first() else { return vec![] };
            seen.iter().flat_map(|seen| differences(of, seen, &format!("{at}[]"))).collect()
        }
        _ if std::mem::discriminant(example) == std::mem::discriminant(seen) => vec![],
        _ => vec![format!("{at} is {seen}, not as {example}")],
    }
}
