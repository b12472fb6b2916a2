//! How people sign in: second steps, sessions, forgotten passwords, an identity provider, who administers what.

mod administrators;
mod passwords;
mod provider;
mod reset;
mod second_step;
mod sessions;
