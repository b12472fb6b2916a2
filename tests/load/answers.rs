//! Whether what a server says is right: a wrong answer is no fast answer.

use std::time::Duration;

use crate::client::{Answer, Connection, Request};
use crate::subject::Subject;
use crate::workload::{self, List, PAGE};

/// How often a question is asked anew that took too long before there was an index for it, and after which time.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(1500);

/// What the right answers are.
pub struct Right {
    lists: Vec<(List, u64)>,
    /// The sum by status, in cents.
    sums: Vec<(String, i64)>,
}

impl Right {
    pub fn of(rows: u64) -> Right {
        let lists = workload::filtered_lists().into_iter().take(3);
        let lists: Vec<List> = lists.chain([workload::deep_lists(rows)[0]]).collect();
        let counts = workload::matching(&lists, rows);
        let sums = workload::sums(rows).into_iter().map(|(status, cents)| (status.to_string(), cents));
        Right { lists: lists.into_iter().zip(counts).collect(), sums: sums.collect() }
    }
}

pub async fn check_answers(subject: &mut dyn Subject, right: &Right) {
    let mut connection = subject.server().connection().await;
    for (list, wanted) in &right.lists {
        let answer = asked_until_answered(&mut connection, &subject.list(list)).await.json();
        let (count, dates) = subject.read_list(&answer);
        assert_eq!(count, *wanted);
        assert_eq!(dates.len() as u64, PAGE);
        assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    }
    let answer = asked_until_answered(&mut connection, &subject.sum()).await.json();
    let mut sums = subject.read_sum(&answer);
    sums.sort_unstable();
    assert_eq!(sums, right.sums);
}

/// The answer to a question that may at first take longer than it is let, for want of an index.
pub async fn asked_until_answered(connection: &mut Connection, request: &Request) -> Answer {
    let mut answer = connection.ask(request).await.unwrap();
    for _ in 1..TRIES {
        if answer.status != 503 {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        answer = connection.ask(request).await.unwrap();
    }
    answer
}
