//! A package that somebody sent: a zip, read in memory within limits. Nothing of it is unpacked to the disk, and what
//! it says about itself is not believed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use engine::package::Package;
use engine::text::{Fault, Faults};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::embedded::broken;
use crate::service::Refusal;

const MOST_FILES: usize = 2_000;
/// Bytes of one file, and of all files, once unpacked.
const LARGEST_FILE: u64 = 16 << 20;
const LARGEST: u64 = 64 << 20;
/// How much larger a file may become than it is in the zip. Small files may be repetitive.
const HIGHEST_RATIO: u64 = 100;
const SMALL: u64 = 64 << 10;
/// Forms of one package, and records of its demo.
const MOST_FORMS: usize = 500;
const MOST_DEMO_RECORDS: usize = 20_000;

/// The package in a zip.
///
/// # Errors
/// `broken_package` with every file and place that is wrong.
pub fn read(zip: &Path) -> Result<Package, Refusal> {
    let refused = |faults| Refusal { faults, ..broken() };
    let files = files(zip).map_err(|fault| refused(vec![fault]))?;
    let package = Package::read(&files).map_err(refused)?;
    check_key(&package).map_err(refused)?;
    check_size(&package).map_err(|fault| refused(vec![fault]))?;
    Ok(package)
}

/// The key becomes that of an app.
fn check_key(package: &Package) -> Result<(), Faults> {
    if crate::service::apps::is_key(&package.manifest.key) {
        Ok(())
    } else {
        Err(vec![Fault::new("package.json#/key", "invalid_key")])
    }
}

/// One installation makes no more than so much. A demo is there once, in one of its languages.
fn check_size(package: &Package) -> Result<(), Fault> {
    let too_many = |at: &str, most: usize| Err(Fault::new(at, "too_many").arg("max", most));
    if package.forms.len() > MOST_FORMS {
        return too_many("forms", MOST_FORMS);
    }
    // The first line names the columns.
    let lines = |text: &String| text.lines().count().saturating_sub(1);
    let mut records: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let everywhere = package.demo.iter().map(|((of, form), text)| (of, form, text));
    let translated = package.demo_in.iter().map(|((_, of, form), text)| (of, form, text));
    for (of, form, text) in everywhere.chain(translated) {
        let known = records.entry((of.as_str(), form.as_str())).or_default();
        *known = lines(text).max(*known);
    }
    if records.values().sum::<usize>() > MOST_DEMO_RECORDS {
        return too_many("demo", MOST_DEMO_RECORDS);
    }
    Ok(())
}

/// The files by their paths.
fn files(zip: &Path) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let unreadable = |error: &dyn std::fmt::Display| Fault::new("", "not_a_zip").arg("detail", error);
    let file = File::open(zip).map_err(|error| unreadable(&error))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    if archive.len() > MOST_FILES {
        return Err(Fault::new("", "too_many").arg("max", MOST_FILES));
    }
    let mut files = BTreeMap::new();
    let mut room = LARGEST;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(|error| unreadable(&error))?;
        if entry.is_dir() {
            continue;
        }
        let path = path_of(&entry)?;
        if is_litter(&path) {
            continue;
        }
        let bytes = unpack(&mut entry, &path, room)?;
        room -= bytes.len() as u64;
        if files.insert(path.clone(), bytes).is_some() {
            return Err(Fault::new(path, "twice"));
        }
    }
    Ok(without_top_folder(files))
}

/// The path of a file within the package; those that lead out of it are refused.
fn path_of<R: Read>(entry: &ZipFile<'_, R>) -> Result<String, Fault> {
    let path = std::str::from_utf8(entry.name_raw()).unwrap_or("?").to_string();
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let is_safe = path.split('/').all(is_plain) && !path.contains(['\\', ':', '\0']);
    if !is_safe || entry.is_symlink() || entry.encrypted() {
        return Err(Fault::new(path, "unsafe_file"));
    }
    Ok(path)
}

fn unpack<R: Read>(entry: &mut ZipFile<'_, R>, path: &str, room: u64) -> Result<Vec<u8>, Fault> {
    let by_ratio = entry.compressed_size().saturating_mul(HIGHEST_RATIO).max(SMALL);
    let most = LARGEST_FILE.min(room).min(by_ratio);
    let mut bytes = Vec::new();
    // One byte more than allowed tells that there is more.
    let read = entry.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| Fault::new(path, "not_a_zip").arg("detail", error))?;
    if bytes.len() as u64 > most {
        return Err(Fault::new(path, "file_too_large").arg("name", path).arg("max", format!("{most} B")));
    }
    Ok(bytes)
}

/// What some systems put into every zip.
fn is_litter(path: &str) -> bool {
    path.starts_with("__MACOSX/") || path.rsplit('/').next() == Some(".DS_Store")
}

/// A zip of the folder is as good as one of what is in it.
fn without_top_folder(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let top = |path: &str| path.split_once('/').map(|(top, _)| top.to_string());
    let first = files.keys().next().and_then(|path| top(path));
    match first {
        Some(folder)
            if !files.contains_key("package.json")
                && files.keys().all(|path| top(path).as_ref() == Some(&folder)) =>
        {
            let inside =
                |path: String| path.split_once('/').map(|(_, rest)| rest.to_string()).unwrap_or(path);
            files.into_iter().map(|(path, bytes)| (inside(path), bytes)).collect()
        }
        _ => files,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(entries: &[(&str, &[u8])]) -> std::path::PathBuf {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        let name = format!("formwork-zip-{}-{:?}", std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(name.replace(['(', ')'], ""));
        std::fs::write(&path, writer.finish().unwrap().into_inner()).unwrap();
        path
    }

    fn faults(entries: &[(&str, &[u8])]) -> Vec<(String, String)> {
        let path = zipped(entries);
        let refusal = read(&path).unwrap_err();
        std::fs::remove_file(path).unwrap();
        assert_eq!(refusal.code, "broken_package");
        refusal.faults.into_iter().map(|fault| (fault.path, fault.code.to_string())).collect()
    }

    const MANIFEST: &[u8] = br#"{"format": 1, "key": "club", "version": "1.0.0", "label": "Club"}"#;

    #[test]
    fn a_zip_of_the_folder_is_as_good_as_one_of_its_files() {
        for folder in ["", "club/"] {
            let manifest = format!("{folder}package.json");
            let path = zipped(&[(manifest.as_str(), MANIFEST), ("__MACOSX/x", b""), (".DS_Store", b"")]);
            assert_eq!(read(&path).unwrap().manifest.key, "club");
            std::fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn tricks_and_bombs_are_refused_with_the_file() {
        let zeros = vec![0; 20 << 20];
        let one = |path: &str, code: &str| vec![(path.to_string(), code.to_string())];
        assert_eq!(faults(&[("../package.json", MANIFEST)]), one("../package.json", "unsafe_file"));
        assert_eq!(faults(&[("/package.json", MANIFEST)]), one("/package.json", "unsafe_file"));
        assert_eq!(faults(&[("a\\b.json", b"")]), one("a\\b.json", "unsafe_file"));
        assert_eq!(faults(&[("forms/a.json", &zeros)]), one("forms/a.json", "file_too_large"));
        assert_eq!(faults(&[("forms/a.json", b"{}")]), one("package.json", "file_missing"));
        let unknown = [("package.json", MANIFEST), ("code.sh", &b"rm"[..])];
        assert_eq!(faults(&unknown), one("code.sh", "unknown_file"));
        let bad = [("package.json", MANIFEST), ("forms/a.json", &b"{"[..])];
        assert_eq!(faults(&bad), one("forms/a.json", "invalid_document"));
        let key = br#"{"format": 1, "key": "A club", "version": "1.0.0", "label": "Club"}"#;
        assert_eq!(faults(&[("package.json", key)]), one("package.json#/key", "invalid_key"));
    }

    /// The faults of a package with these files beside its manifest; none where it is taken.
    fn taken(files: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
        let mut entries: Vec<(&str, &[u8])> = vec![("package.json", MANIFEST)];
        entries.extend(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
        let path = zipped(&entries);
        let outcome = read(&path);
        std::fs::remove_file(path).unwrap();
        let told =
            |refusal: Refusal| refusal.faults.into_iter().map(|fault| (fault.path, fault.code.to_string()));
        outcome.err().map(|refusal| told(refusal).collect()).unwrap_or_default()
    }

    #[test]
    fn a_package_has_as_many_files_forms_and_demo_records_as_it_may_and_not_one_more() {
        let none: Vec<(String, String)> = Vec::new();
        let too_many = |at: &str| vec![(at.to_string(), "too_many".to_string())];
        let litter =
            |count: usize| -> Vec<_> { (0..count).map(|n| (format!("__MACOSX/{n}"), Vec::new())).collect() };
        assert_eq!(taken(&litter(MOST_FILES - 1)), none);
        assert_eq!(taken(&litter(MOST_FILES)), too_many(""));

        let form = |n: usize| {
            let document = format!(
                "{{\"format\": 1, \"key\": \"f{n}\", \"label\": \"F\", \
                 \"fields\": [{{\"key\": \"a\", \"label\": \"a\", \"kind\": \"text\"}}]}}"
            );
            (format!("forms/f{n}.json"), document.into_bytes())
        };
        let forms = |count: usize| (0..count).map(form).collect::<Vec<_>>();
        assert_eq!(taken(&forms(500)), none);
        assert_eq!(taken(&forms(501)), too_many("forms"));

        let demo = |folder: &str, count: usize| {
            let lines: String = (0..count).map(|n| format!("k{n},x\n")).collect();
            (format!("{folder}/f0.csv"), format!("key,a\n{lines}").into_bytes())
        };
        assert_eq!(taken(&[form(0), demo("demo", 20_000)]), none);
        assert_eq!(taken(&[form(0), demo("demo", 20_001)]), too_many("demo"));
    }

    #[test]
    fn what_is_no_zip_is_refused() {
        let path = std::env::temp_dir().join(format!("formwork-no-zip-{}", std::process::id()));
        std::fs::write(&path, b"PK nothing").unwrap();
        assert_eq!(read(&path).unwrap_err().faults[0].code, "not_a_zip");
        std::fs::remove_file(path).unwrap();
    }
}
