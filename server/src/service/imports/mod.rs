//! Records from csv files, workbooks and lists: a form proposed for one, how one would go into a form, and the import
//! itself, a job whose every row goes through the one save, and which can be undone.

mod attached;
mod cells;
mod earlier;
mod failures;
mod grouped;
#[cfg(test)]
#[path = "../../../../engine/tests/fuzz/hammer.rs"]
mod hammer;
#[cfg(test)]
mod hammered;
mod links;
pub mod members;
mod misfits;
mod open;
mod own;
mod plan;
mod preview;
mod propose;
mod records;
mod run;
mod saving;
mod shared;
mod slice;
mod table;
mod titled;
mod undo;
mod workbook;

use std::path::PathBuf;

use super::Refusal;

pub use open::forget_sheets;
pub use preview::preview;
pub use propose::propose;
pub use run::{IMPORT, form_of, go_on, start};
pub use shared::SharedTitles;
pub use undo::{UNDO, go_on_undoing, is_undoable, undo};
pub use workbook::{COMMAND as READ_WORKBOOK, run as read_workbook};

/// Reads where reading may wait for the disk.
async fn blocking<I, T>(
    input: I,
    work: impl FnOnce(I) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal>
where
    I: Send + 'static,
    T: Send + 'static,
{
    tokio::task::spawn_blocking(move || work(input)).await.map_err(Refusal::internal)?
}

/// A cell as it is told with a fault: its first words, on one line.
fn shown(cell: &str) -> String {
    const LONGEST: usize = 60;
    let line = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// A file's name without its ending.
fn stem(name: &str) -> String {
    let path = PathBuf::from(name);
    path.file_stem().map_or_else(|| name.to_string(), |stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_cell_is_told_by_its_first_words() {
        assert_eq!(shown("  one\n two "), "one two");
        let long = shown(&"长".repeat(100));
        assert!(long.ends_with('…') && long.chars().count() == 61, "{long}");
    }
}
