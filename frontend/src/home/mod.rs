//! Home: what waits for the reader, and the apps. The page of one app.

mod app_page;
mod checklist;
mod home_page;
mod no_apps;
mod to_do;

pub use app_page::AppPage;
pub use home_page::HomePage;
