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

/// Where a refusal says in seconds when to come again, among what it brings along.
const AGAIN: &str = "retry_after";

/// Notes what the answer's headers said about when to come again.
pub fn come_again(mut problem: Problem, seconds: Option<String>) -> Problem {
    if let Some(seconds) = seconds.and_then(|text| text.trim().parse::<u32>().ok()) {
        problem.members.insert(AGAIN.to_string(), seconds.into());
    }
    problem
}

/// In how many seconds what was refused for being too much or too soon may be tried again.
pub fn seconds_to_wait(problem: &Problem) -> Option<u32> {
    let said = problem.members.get(AGAIN).and_then(|seconds| u32::try_from(seconds.as_u64()?).ok());
    (problem.status == 429).then(|| said.unwrap_or(USUAL_WAIT))
}

/// Seconds to wait where nobody says how long.
const USUAL_WAIT: u32 = 5;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_says_when_to_come_again() {
        let refused = |status: u16| Problem { status, ..not_understood(status) };
        assert_eq!(seconds_to_wait(&come_again(refused(429), Some("12".into()))), Some(12));
        assert_eq!(seconds_to_wait(&come_again(refused(429), None)), Some(USUAL_WAIT));
        assert_eq!(seconds_to_wait(&come_again(refused(503), Some("12".into()))), None);
    }
}
