//! Gathers the playground's files: our page, and three files of pinned npm packages where npm is there. Nothing
//! of this is committed, and nothing else is fetched. Without npm the page says what is missing.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a build that cannot go on stops with the reason")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const OURS: [&str; 4] = [
    "playground/index.html",
    "playground/playground.css",
    "playground/playground.js",
    "operations/admin_overview.graphql",
];
const PACKAGED: [&str; 4] = [
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
];

fn main() {
    println!("cargo:rerun-if-changed=graphql/playground");
    println!("cargo:rerun-if-changed=graphql/operations/admin_overview.graphql");
    println!("cargo:rerun-if-changed=migrations");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let (source, assets, work) = (Path::new("graphql/playground"), out.join("playground"), out.join("npm"));
    fs::create_dir_all(&assets).expect("the build folder can be written");
    for path in OURS {
        let path = Path::new("graphql").join(path);
        let name = path.file_name().expect("a file");
        fs::copy(&path, assets.join(name)).expect("the playground's own files are there");
    }
    if let Err(why) = fetch(source, &work) {
        println!(
            "cargo:warning=the GraphQL playground is built without its editor: {why}; install Node.js with npm, then touch build.rs and build again"
        );
        return;
    }
    for path in PACKAGED {
        let name = Path::new(path).file_name().expect("a file");
        fs::copy(work.join("node_modules").join(path), assets.join(name))
            .expect("the packages hold what they are known to hold");
    }
}

/// Installs exactly what package-lock.json names, without running any package's scripts.
fn fetch(source: &Path, work: &Path) -> Result<(), String> {
    let lock = fs::read(source.join("package-lock.json")).map_err(|e| e.to_string())?;
    let is_done = fs::read(work.join("installed")).is_ok_and(|done| done == lock);
    if is_done {
        return Ok(());
    }
    fs::create_dir_all(work).map_err(|e| e.to_string())?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), work.join(name)).map_err(|e| e.to_string())?;
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(work)
        .output()
        .map_err(|e| format!("npm cannot be run ({e})"))?;
    if !npm.status.success() {
        return Err(format!(
            "npm failed ({})",
            String::from_utf8_lossy(&npm.stderr).lines().next().unwrap_or("no reason given")
        ));
    }
    fs::write(work.join("installed"), lock).map_err(|e| e.to_string())
}
