//! The faults for which a production start is refused, and how the settings are shown with their secrets hidden.
use super::{Config, Environment};
use secrecy::ExposeSecret;
use std::collections::HashSet;
use toml::{Table, Value};

/// Faults of the secrets; the values themselves are never told.
pub fn faults(config: &Config) -> Vec<String> {
    let mut faults = vec![];
    let key = config.access.signing_key.expose_secret();
    if !key.is_empty()
        && let Some(fault) = key_fault(key)
    {
        faults.push(format!("access.signing_key {fault}; make one with: openssl rand -hex 32"));
    }
    faults.extend(stripe_faults(&config.payments));
    if config.environment == Environment::Production {
        if config.payments.sandbox {
            faults.push("payments.sandbox must be false in production: it takes no money".into());
        }
        if key.is_empty() {
            faults.push("access.signing_key must be set in production; make one with: openssl rand -hex 32".into());
        }
        let url = config.database.url.expose_secret();
        if url.is_empty() {
            faults.push("database.url must be set in production: the embedded PostgreSQL is for one machine".into());
        } else if has_weak_password(url) {
            faults.push("database.url has a default or weak password".into());
        }
        if config.database.allow_unsafe_durability {
            faults
                .push("database.allow_unsafe_durability is refused in production: it loses acknowledged orders".into());
        }
        if config.access.issuer == "https://coffret.example" {
            faults.push("access.issuer must be this service's public address in production".into());
        }
    }
    faults
}

/// Cards must not travel in the clear, and a webhook that no one can check is no news.
fn stripe_faults(payments: &super::Payments) -> Vec<String> {
    let mut faults = vec![];
    let url = &payments.stripe_url;
    let is_local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|local| url.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
    if !url.starts_with("https://") && !is_local {
        faults.push("payments.stripe_url must begin with https://".to_owned());
    }
    if !payments.stripe_secret_key.expose_secret().is_empty()
        && payments.stripe_webhook_secret.expose_secret().is_empty()
    {
        faults.push("payments.stripe_webhook_secret must be set beside payments.stripe_secret_key".to_owned());
    }
    faults
}

/// 64 hex digits of real entropy: a run of the same few bytes is a default in disguise.
fn key_fault(key: &str) -> Option<&'static str> {
    if key.len() != 64 || !key.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some("must be 64 hex digits");
    }
    let pairs: HashSet<_> = key.as_bytes().chunks(2).collect();
    (pairs.len() < 16).then_some("is weak: too few different bytes")
}

fn has_weak_password(url: &str) -> bool {
    const WEAK: [&str; 7] = ["postgres", "password", "coffret", "secret", "changeme", "admin", "123456"];
    let userinfo = url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(info, _)| info);
    let inline = userinfo.and_then(|info| info.split_once(':')).map(|(_, password)| password);
    let named = url.split(['?', '&', ' ']).find_map(|part| part.trim().strip_prefix("password="));
    let is_weak =
        |password: &str| password.is_empty() || WEAK.contains(&password.trim_matches('\'').to_lowercase().as_str());
    inline.into_iter().chain(named).any(is_weak)
}

/// The settings that hold secrets.
const SECRETS: [(&str, &str); 4] = [
    ("database", "url"),
    ("access", "signing_key"),
    ("payments", "stripe_secret_key"),
    ("payments", "stripe_webhook_secret"),
];

/// The merged settings as TOML, with what is secret hidden.
pub fn hidden(mut table: Table) -> Result<String, toml::ser::Error> {
    for (section, key) in SECRETS {
        if let Some(value) = table.get_mut(section).and_then(|s| s.get_mut(key))
            && value.as_str() != Some("")
        {
            *value = Value::String("<hidden>".into());
        }
    }
    toml::to_string(&table)
}
