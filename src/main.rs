//! The thin binary: reads the arguments and runs the command.
use clap::Parser;
use coffret::commands::{self, Arguments};
use std::process::ExitCode;

#[actix_web::main]
async fn main() -> ExitCode {
    #[cfg(feature = "mutants")]
    let _faults = coffret::platform::failpoint::planted();
    let arguments = Arguments::parse();
    let env: Vec<_> = coffret::platform::config::environment();
    match commands::run(arguments, &env).await {
        Ok(code) => code,
        Err(error) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("coffret: {error:#}\n").as_bytes());
            ExitCode::from(commands::exit_code(&error))
        }
    }
}
