//! A file that somebody sent as a table, whatever it is. Workbooks and lists are turned into rows once and lie beside
//! the data for a day: the preview, the dry run and the import read the same rows.

use std::fs;
use std::io::{BufWriter, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use engine::text::Fault;
use engine::value::Id;
use sha2::{Digest, Sha256};
use store::file::File;
use store::ids;
use tokio::sync::Semaphore;

use super::blocking;
use super::table::{Table, list_into_rows};
use super::workbook::{BookFault, LARGEST_FILE, convert};
use crate::data_folder::SHEETS;
use crate::service::people::Caller;
use crate::service::people::secret::hex;
use crate::service::{Installation, Refusal, files};

/// Workbooks that are read at one time: each is a process with memory of its own.
static TURNS: Semaphore = Semaphore::const_new(2);
/// How rows are written; a change makes those that lie there useless.
const GENERATION: u32 = 1;
/// How long rows lie there after they were used last.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// What a file is by its first bytes, and where those say nothing by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Separated,
    Workbook,
    /// An older workbook, or an encrypted one: neither is a zip.
    Locked,
    List,
}

impl Kind {
    fn of(name: &str, head: &[u8]) -> Kind {
        const ZIP: &[u8] = b"PK\x03\x04";
        const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if head.starts_with(ZIP) || matches!(ending.as_str(), "xlsx" | "xlsm") && !head.starts_with(COMPOUND)
        {
            Kind::Workbook
        } else if head.starts_with(COMPOUND) {
            Kind::Locked
        } else if ending == "json" {
            Kind::List
        } else {
            Kind::Separated
        }
    }
}

/// The file as a table; of a workbook, this sheet.
///
/// # Errors
/// `not_an_id` for a file that the caller may not have; `broken_csv`, `broken_xlsx`, `broken_list`; `unknown_sheet`.
pub async fn open(
    installation: &Installation,
    caller: &Caller,
    file: Id,
    sheet: Option<&str>,
) -> Result<(File, Table), Refusal> {
    let (file, path) = files::find_bytes(installation, caller, file).await?;
    let language = caller.language();
    let (name, bytes) = (file.name.clone(), path.clone());
    let kind = blocking((), move |()| Ok(Kind::of(&name, &head(&bytes)?))).await?;
    if kind != Kind::Workbook
        && let Some(sheet) = sheet
    {
        return Err(Refusal::invalid(vec![Fault::new("sheet", "unknown_sheet").arg("sheet", sheet)]));
    }
    let table = match kind {
        Kind::Locked => return Err(BookFault::Locked.refusal()),
        Kind::Separated => blocking(path, move |path| Table::separated(&path, language)).await?,
        Kind::Workbook | Kind::List => {
            let rows = rows_of(installation, &file, path, kind, sheet).await?;
            blocking(rows, |rows| Table::of_rows(&rows)).await?
        }
    };
    Ok((file, table))
}

fn head(path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut head = Vec::new();
    let file = fs::File::open(path).map_err(Refusal::internal)?;
    file.take(64).read_to_end(&mut head).map_err(Refusal::internal)?;
    Ok(head)
}

/// The folder with the rows of workbooks and lists.
fn folder(installation: &Installation) -> PathBuf {
    installation.settings.data.join(SHEETS)
}

/// The rows of a file, written where they are not there yet.
async fn rows_of(
    installation: &Installation,
    file: &File,
    bytes: PathBuf,
    kind: Kind,
    sheet: Option<&str>,
) -> Result<PathBuf, Refusal> {
    if kind == Kind::Workbook && u64::try_from(file.size).unwrap_or_default() > LARGEST_FILE {
        return Err(BookFault::too_large_file().refusal());
    }
    let name = format!("{GENERATION}\n{kind:?}\n{}\n{}", file.sha256, sheet.unwrap_or_default());
    let folder = folder(installation);
    let place = folder.join(hex(&Sha256::digest(name.as_bytes())));
    let there = place.clone();
    if blocking(there, |there| Ok(is_fresh(&there))).await? {
        return Ok(place);
    }
    let turn = match kind {
        Kind::Workbook => Some(TURNS.acquire().await.map_err(Refusal::internal)?),
        Kind::Separated | Kind::Locked | Kind::List => None,
    };
    let (sheet, made) = (sheet.map(str::to_string), place.clone());
    let work = blocking((), move |()| write_rows(&folder, &bytes, kind, sheet.as_deref(), &made)).await;
    drop(turn);
    work.map(|()| place)
}

/// Whether the rows are there; if so, they stay for longer.
fn is_fresh(place: &Path) -> bool {
    let Ok(file) = fs::File::options().append(true).open(place) else { return false };
    let _ = file.set_modified(SystemTime::now());
    true
}

fn write_rows(
    folder: &Path,
    bytes: &Path,
    kind: Kind,
    sheet: Option<&str>,
    place: &Path,
) -> Result<(), Refusal> {
    // Under a name of no meaning until it is whole.
    let part = folder.join(format!("{}.part", ids::next()));
    let written = files::begin_part(&part).and_then(|file| match kind {
        Kind::List => {
            let mut into = BufWriter::with_capacity(256 << 10, file);
            list_into_rows(bytes, &mut into).map_err(super::table::TableFault::refusal)
        }
        Kind::Workbook | Kind::Separated | Kind::Locked => {
            convert(bytes, sheet, file).map_err(BookFault::refusal)
        }
    });
    let kept = written.and_then(|()| fs::rename(&part, place).map_err(Refusal::internal));
    if kept.is_err() {
        let _ = fs::remove_file(&part);
    }
    kept
}

/// Removes rows that nobody has read for a day.
///
/// # Errors
/// When the folder can't be read.
pub async fn forget_sheets(installation: &Installation) -> Result<(), Refusal> {
    let folder = folder(installation);
    blocking(folder, |folder| {
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
        for entry in entries {
            let entry = entry.map_err(Refusal::internal)?;
            let modified = entry.metadata().and_then(|data| data.modified()).map_err(Refusal::internal)?;
            if modified.elapsed().is_ok_and(|age| age > KEPT) {
                fs::remove_file(entry.path()).map_err(Refusal::internal)?;
            }
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_a_file_is_before_its_name_does() {
        for (name, head, kind) in [
            ("a.xlsx", &b"PK\x03\x04rest"[..], Kind::Workbook),
            ("a.csv", b"PK\x03\x04rest", Kind::Workbook),
            ("a.xlsx", b"PK broken", Kind::Workbook),
            ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Locked),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Locked),
            ("a.json", b" \n[{}]", Kind::List),
            ("a.json", b"{\"a\": 1}", Kind::List),
            ("a.csv", b"[a],b\n", Kind::Separated),
            ("a.txt", b"a\tb\n", Kind::Separated),
            ("", b"", Kind::Separated),
        ] {
            assert_eq!(Kind::of(name, head), kind, "{name} {head:?}");
        }
    }
}
