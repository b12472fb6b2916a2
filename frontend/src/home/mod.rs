//! Home: what waits for the reader, and the apps. The page of one app.

mod app_calls;
mod app_cards;
mod app_page;
mod app_secrets;
mod app_settings;
mod checklist;
mod home_page;
mod importing;
mod next_steps;
mod no_apps;
mod start;
mod step_list;
mod to_do;

pub use app_page::AppPage;
pub use app_settings::AppSettingsPage;
pub use home_page::HomePage;
