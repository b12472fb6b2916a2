//! The rows of a file as records: most often one is the other; where columns fill a sub-form, several rows are one record.
//! Read beside the one who saves, and never far ahead of them.

use tokio::sync::mpsc;

use super::cells::{Line, Reading};
use super::table::{Row, Rows, Table};
use crate::service::Refusal;

/// Rows that are handed over together.
const TOGETHER: u64 = 250;
/// Portions that may wait.
const WAITING: usize = 8;

/// Records in the order of the file.
pub struct Records {
    portions: mpsc::Receiver<Result<Vec<Line>, Refusal>>,
    at_hand: std::vec::IntoIter<Line>,
}

impl Records {
    /// Reads a table from behind its first `done` rows.
    pub fn of(table: Table, reading: Reading, done: u64) -> Records {
        let (sender, portions) = mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            let told = sender.clone();
            if let Err(refusal) = read(&table, reading, done, &sender) {
                let _ = told.blocking_send(Err(refusal));
            }
        });
        Records { portions, at_hand: Vec::new().into_iter() }
    }

    /// The next record; nothing after the last.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub async fn next(&mut self) -> Result<Option<Line>, Refusal> {
        loop {
            if let Some(line) = self.at_hand.next() {
                return Ok(Some(line));
            }
            match self.portions.recv().await {
                Some(portion) => self.at_hand = portion?.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

type Portions = mpsc::Sender<Result<Vec<Line>, Refusal>>;

fn read(table: &Table, reading: Reading, done: u64, to: &Portions) -> Result<(), Refusal> {
    let mut grouped = Grouped { rows: table.rows()?, reading, next: None };
    for _ in 0..done {
        if grouped.rows.next().transpose()?.is_none() {
            break;
        }
    }
    let (mut portion, mut rows) = (Vec::new(), 0);
    while let Some(line) = grouped.line()? {
        rows += line.count;
        portion.push(line);
        // Nobody listens any more when the import was stopped.
        if rows >= TOGETHER && to.blocking_send(Ok(std::mem::take(&mut portion))).is_err() {
            return Ok(());
        }
        if portion.is_empty() {
            rows = 0;
        }
    }
    let _ = to.blocking_send(Ok(portion));
    Ok(())
}

/// Rows, of which several may be one record.
struct Grouped {
    rows: Rows,
    reading: Reading,
    /// The row that was read to see that it begins another record.
    next: Option<Row>,
}

impl Grouped {
    fn row(&mut self) -> Result<Option<Row>, Refusal> {
        match self.next.take() {
            Some(row) => Ok(Some(row)),
            None => self.rows.next().transpose(),
        }
    }

    fn line(&mut self) -> Result<Option<Line>, Refusal> {
        let Some(first) = self.row()? else { return Ok(None) };
        if !self.reading.has_inner() {
            return Ok(Some(self.reading.begin(first)));
        }
        let mut line = self.reading.begin(first.clone());
        while let Some(row) = self.row()? {
            if !self.reading.goes_on(&first, &row) {
                self.next = Some(row);
                break;
            }
            self.reading.add(&mut line, row);
        }
        self.reading.end(&mut line);
        Ok(Some(line))
    }
}
