//! The playground as a person uses it: a headless Chromium that reaches nothing but loopback signs in and runs
//! the admin's nested query. Where no Chromium is installed the test says so and passes, except in CI.
use crate::support::{PASSWORD, Shop};
use fantoccini::{ClientBuilder, Locator};
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A ChromeDriver on a port of its own choosing.
struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    fn start() -> Option<Self> {
        let mut process =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let lines = BufReader::new(process.stdout.take()?).lines();
        let started = lines.map_while(Result::ok).find(|line| line.contains("started successfully on port"))?;
        let port: String = started.rsplit("port ").next()?.chars().take_while(char::is_ascii_digit).collect();
        Some(Self { process, url: format!("http://127.0.0.1:{port}") })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[expect(clippy::print_stderr, reason = "whoever reads the test's output shall know")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A fresh profile; when it goes, so does every process that uses it, also after a failed test.
struct Profile(tempfile::TempDir);

impl Drop for Profile {
    fn drop(&mut self) {
        let name = self.0.path().to_string_lossy().into_owned();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let uses_it = std::fs::read_to_string(entry.path().join("cmdline")).is_ok_and(|line| line.contains(&name));
            if let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>()
                && uses_it
            {
                let _ = Command::new("kill").arg("-KILL").arg(pid.to_string()).stderr(Stdio::null()).status();
            }
        }
    }
}

fn is_ci() -> bool {
    coffret::platform::config::environment().iter().any(|(name, value)| name == "CI" && value == "true")
}

#[actix_web::test]
async fn the_playground_signs_in_and_runs_the_admins_nested_query_without_a_network() {
    let Some(driver) = Driver::start() else {
        assert!(!is_ci(), "CI needs chromium and chromium-driver");
        skipped("chromedriver is not installed");
        return;
    };
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.paid(&paris, "LIP-1", 3).await;
    let email = shop.user("admin", None);
    let profile = Profile(crate::support::process::folder());
    let arguments = [
        "--headless=new".into(),
        "--no-sandbox".into(),
        "--disable-gpu".into(),
        "--disable-quic".into(),
        "--no-first-run".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        "--window-size=1300,900".into(),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".into(),
        format!("--user-data-dir={}", profile.0.path().display()),
    ];
    let mut wishes = serde_json::Map::new();
    wishes.insert("goog:chromeOptions".into(), json!({ "args": arguments }));
    wishes.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    let browser = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(wishes)
        .connect(&driver.url)
        .await
        .unwrap();
    browser.goto(&format!("{}/playground", shop.url)).await.unwrap();
    let find = async |css: &'static str| {
        browser.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(css)).await.unwrap()
    };
    find(".graphiql-container").await;
    find("#username").await.send_keys(&email).await.unwrap();
    find("#password").await.send_keys(PASSWORD).await.unwrap();
    find("#sign-in button").await.click().await.unwrap();
    find("#signed-in:not([hidden])").await;
    assert_eq!(find("#who").await.text().await.unwrap(), email);
    find(".graphiql-execute-button").await.click().await.unwrap();
    let has_result = "return document.querySelector('.result-window .CodeMirror')?.CodeMirror?.getValue() ?? ''";
    let mut shown = String::new();
    for _ in 0..400 {
        shown = browser.execute(has_result, vec![]).await.unwrap().as_str().unwrap_or_default().to_owned();
        if shown.contains("\"data\"") {
            break;
        }
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(shown.contains("\"allocated\": 3") && shown.contains("LIP-1") && !shown.contains("errors"), "{shown}");
    let elsewhere =
        "return performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith(location.origin))";
    assert_eq!(browser.execute(elsewhere, vec![]).await.unwrap(), json!([]), "everything comes from the binary");
    browser.close().await.unwrap();
}
