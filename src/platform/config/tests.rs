//! The settings' promises: all faults at once, secrets never shown, weak ones refused in production.
use super::Config;

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

#[test]
fn the_documented_defaults_are_valid() {
    let config = Config::defaults().unwrap();
    assert_eq!(config.server.bind, "127.0.0.1:8080");
    assert!(config.is_embedded());
}

#[test]
fn all_faults_are_told_at_once_by_name() {
    let faults = Config::load(
        None,
        &env(&[
            ("COFFRET_SERVER__WORKERS", "many"),
            ("COFFRET_SERVER__BINDD", "x"),
            ("COFFRET_NOWHERE__X", "1"),
            ("COFFRET_SERVER__BIND", "somewhere"),
        ]),
    )
    .unwrap_err()
    .to_string();
    for name in ["COFFRET_SERVER__WORKERS", "COFFRET_SERVER__BINDD", "COFFRET_NOWHERE__X", "server.bind"] {
        assert!(faults.contains(name), "{name} is not in {faults}");
    }
}

#[test]
fn production_refuses_missing_default_and_weak_secrets() {
    let production = ("COFFRET_ENVIRONMENT", "production");
    let bare = Config::load(None, &env(&[production])).unwrap_err().to_string();
    assert!(bare.contains("access.signing_key") && bare.contains("database.url"), "{bare}");
    assert!(bare.contains("payments.sandbox"), "{bare}");
    let clear =
        env(&[("COFFRET_PAYMENTS__STRIPE_URL", "http://pay.example"), ("COFFRET_PAYMENTS__STRIPE_SECRET_KEY", "sk_1")]);
    let faults = Config::load(None, &clear).unwrap_err().to_string();
    assert!(faults.contains("payments.stripe_url") && faults.contains("payments.stripe_webhook_secret"), "{faults}");
    let weak = "ab".repeat(32);
    let url = "postgres://coffret:postgres@db/coffret";
    let faults =
        Config::load(None, &env(&[production, ("COFFRET_ACCESS__SIGNING_KEY", &weak), ("COFFRET_DATABASE__URL", url)]))
            .unwrap_err()
            .to_string();
    assert!(faults.contains("is weak") && faults.contains("weak password"), "{faults}");
    assert!(!faults.contains(&weak) && !faults.contains(url), "{faults}");
}

#[test]
fn a_weak_database_password_is_found_in_every_form() {
    for url in
        ["postgres://me:postgres@db/x", "postgres://db/x?user=me&password=secret", "host=db user=me password=coffret"]
    {
        let faults = Config::load(None, &env(&[("COFFRET_ENVIRONMENT", "production"), ("COFFRET_DATABASE__URL", url)]));
        assert!(faults.unwrap_err().to_string().contains("weak password"), "{url}");
    }
}

#[test]
fn a_sound_production_start_is_accepted_and_shows_no_secret() {
    let good = env(&[
        ("COFFRET_ENVIRONMENT", "production"),
        ("COFFRET_ACCESS__SIGNING_KEY", KEY),
        ("COFFRET_PAYMENTS__SANDBOX", "false"),
        ("COFFRET_PAYMENTS__STRIPE_SECRET_KEY", "sk_live_51Hx"),
        ("COFFRET_PAYMENTS__STRIPE_WEBHOOK_SECRET", "whsec_8fJ2"),
        ("COFFRET_ACCESS__ISSUER", "https://stock.maison.example"),
        ("COFFRET_DATABASE__URL", "postgres://coffret:vq8R2tXw@db/coffret"),
    ]);
    assert!(Config::load(None, &good).is_ok());
    let shown = Config::shown(None, &good).unwrap();
    assert!(shown.contains("<hidden>") && !shown.contains(KEY) && !shown.contains("vq8R2tXw"), "{shown}");
    assert!(!shown.contains("sk_live_51Hx") && !shown.contains("whsec_8fJ2"), "{shown}");
}

#[test]
fn a_secret_may_come_from_a_file() {
    let file = std::env::temp_dir().join(format!("coffret-key-{}", std::process::id()));
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let from_file = env(&[("COFFRET_ACCESS__SIGNING_KEY_FILE", file.to_str().unwrap())]);
    let config = Config::load(None, &from_file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&config.access.signing_key), KEY);
}
