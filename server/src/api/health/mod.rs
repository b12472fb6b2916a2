//! For those who watch over the server: outside `/api`, without sign-in.

pub mod live;
pub mod ready;
