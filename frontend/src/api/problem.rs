//! The problems that the browser has by itself; all others are the server's, worded there.

use serde_json::Map;
use wire::Problem;

use crate::text;

/// The server can't be reached.
pub fn unreachable() -> Problem {
    own(0, "unreachable", text!("problem-unreachable-title"), text!("problem-unreachable"))
}

/// The answer is not what this page understands: most often the page is older than the server.
pub fn not_understood(status: u16) -> Problem {
    own(status, "not_understood", text!("problem-not-understood-title"), text!("problem-not-understood"))
}

/// The problem in an answer's body.
pub fn read(status: u16, body: &str) -> Problem {
    serde_json::from_str(body).unwrap_or_else(|_| not_understood(status))
}

fn own(status: u16, code: &str, title: String, detail: String) -> Problem {
    Problem {
        kind: format!("urn:formwork:problem:{code}"),
        title,
        status,
        code: code.to_string(),
        detail,
        request_id: String::new(),
        errors: Vec::new(),
        members: Map::new(),
    }
}
