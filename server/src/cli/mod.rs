//! The command line; one file a command.

mod admin_create;
mod doctor;
mod key;
mod log;
mod migrate_to;
mod openapi;
mod operator;
mod read_workbook;
mod serve;
mod template;
mod token_create;
mod workspace_create;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::service::imports::READ_WORKBOOK;
use crate::settings::ServeOptions;

/// Of each thread. A save may lead through scripts to saves within it, several deep, which needs more than the usual 2 MB where
/// nothing is optimised.
const STACK_BYTES: usize = 16 << 20;

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK_BYTES).enable_all().build()
}

/// A no-code form-and-workflow platform
#[derive(Debug, Parser)]
#[command(name = "formwork", version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the user interface and the API
    Serve(Box<ServeOptions>),
    /// Administrators
    #[command(subcommand)]
    Admin(Admin),
    /// API tokens
    #[command(subcommand)]
    Token(Token),
    /// Workspaces: people of one see nothing of another
    #[command(subcommand)]
    Workspace(Workspace),
    /// Templates
    #[command(subcommand)]
    Template(Template),
    /// Compares what is stored with what it should be; exit code 1 and a list when something differs
    Doctor(doctor::Arguments),
    /// The audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// The key that seals secrets in the database
    #[command(subcommand)]
    Key(Key),
    /// Copies everything to an empty database of the other kind, SQLite or PostgreSQL, and proves that both hold the same;
    /// the server has to be stopped
    MigrateTo(migrate_to::Arguments),
    /// Prints the OpenAPI document
    Openapi,
    /// Reads a workbook within limits: what the program calls itself by
    #[command(name = READ_WORKBOOK, hide = true)]
    ReadWorkbook(read_workbook::Arguments),
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Checks that no entry was changed, removed or put in
    Verify(doctor::Arguments),
}

#[derive(Debug, Subcommand)]
enum Key {
    /// Seals everything with a new key and forgets the old one; the server has to be stopped
    Rotate(key::Arguments),
    /// Gives up what is sealed with a key that is lost: second steps, and letters not yet sent
    Forget(key::Arguments),
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Makes an administrator without the browser
    Create(admin_create::Arguments),
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Makes an API token for a member and prints it once
    Create(token_create::Arguments),
}

#[derive(Debug, Subcommand)]
enum Workspace {
    /// Makes one more workspace and prints its id
    Create(workspace_create::Arguments),
}

#[derive(Debug, Subcommand)]
enum Template {
    /// Prints the templates that come with the product
    List(template::ListArguments),
    /// Installs a template with what it needs
    Install(template::InstallArguments),
}

/// What a command ends with: exit code 1 and one line on stderr that says what to do next.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Runs what the command line asks for. Exit codes: 0 done, 1 problem found or refused, 2 usage.
pub fn run() -> ExitCode {
    let outcome = match Line::parse().command {
        Command::Serve(options) => serve::run(*options),
        Command::Admin(Admin::Create(arguments)) => admin_create::run(arguments),
        Command::Token(Token::Create(arguments)) => token_create::run(arguments),
        Command::Workspace(Workspace::Create(arguments)) => workspace_create::run(arguments),
        Command::Template(Template::List(arguments)) => template::list(arguments),
        Command::Template(Template::Install(arguments)) => template::install(arguments),
        Command::Doctor(arguments) => doctor::everything(arguments),
        Command::Audit(Audit::Verify(arguments)) => doctor::audit(arguments),
        Command::Key(Key::Rotate(arguments)) => key::rotate(arguments),
        Command::Key(Key::Forget(arguments)) => key::forget(arguments),
        Command::MigrateTo(arguments) => migrate_to::run(arguments),
        Command::Openapi => openapi::run(),
        Command::ReadWorkbook(arguments) => return read_workbook::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("formwork: {error}");
            ExitCode::FAILURE
        }
    }
}
