use std::path::{Path, PathBuf};

use super::strace::{Event, read_lines};
use super::{Deed, Disk, Left, Luck, PAGE, SECTOR, put_down};
use crate::dice::Dice;

fn at(path: &str) -> PathBuf {
    Path::new("/data").join(path)
}

fn open(path: &str) -> Deed {
    Deed::Open { path: at(path), is_emptied: false }
}

fn write(path: &str, place: usize, bytes: &[u8]) -> Deed {
    Deed::Write { path: at(path), at: Some(place), bytes: bytes.to_vec() }
}

fn kept(path: &str) -> [Deed; 2] {
    [Deed::Wait { path: at(path), number: 1 }, Deed::Kept { path: at(path), number: 1 }]
}

fn disk(deeds: impl IntoIterator<Item = Deed>) -> Disk {
    let mut disk = Disk::new(Path::new("/data"));
    deeds.into_iter().for_each(|deed| disk.see(&deed));
    disk
}

/// What the disk was told to keep, and not more.
fn told(disk: &Disk) -> Left {
    disk.after_cut(Luck::Nothing, &mut Dice::new(0))
}

/// Everything that may be left, of many cuts.
fn cuts(disk: &Disk) -> Vec<Left> {
    let mut dice = Dice::new(7);
    (0..500).map(|_| disk.after_cut(Luck::Some, &mut dice)).collect()
}

#[test]
fn bytes_are_kept_once_they_were_waited_for_and_their_name_once_its_folder_was() {
    let mut disk = disk([open("a"), write("a", 0, b"one")]);
    kept("a").iter().for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk).len(), 1, "the folder alone");
    kept("").iter().for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk)[&at("a")].as_deref(), Some(&b"one"[..]));
    disk.see(&write("a", 1, b"xx and more"));
    disk.see(&Deed::SetLength { path: at("a"), length: 4 });
    assert_eq!(disk.now()[&at("a")].as_deref(), Some(&b"oxx "[..]));
    assert_eq!(told(&disk)[&at("a")].as_deref(), Some(&b"one"[..]));
    kept("a").iter().for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk)[&at("a")].as_deref(), Some(&b"oxx "[..]));
}

#[test]
fn what_comes_while_one_waits_is_not_what_was_waited_for() {
    let [wait, end] = kept("a");
    let mut disk = disk([open("a"), write("a", 0, b"one"), wait, write("a", 0, b"two"), end]);
    kept("").iter().for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk)[&at("a")].as_deref(), Some(&b"one"[..]));
}

#[test]
fn a_page_is_there_or_not_or_torn_between_sectors() {
    let mut disk = disk([open("a"), write("a", 0, &[0; 2 * PAGE])]);
    kept("a").iter().chain(&kept("")).for_each(|deed| disk.see(deed));
    disk.see(&write("a", 100, &[1; PAGE]));
    let mut seen = std::collections::BTreeSet::new();
    for left in cuts(&disk) {
        let bytes = left[&at("a")].clone().unwrap();
        assert_eq!(bytes.len(), 2 * PAGE);
        let edges: Vec<_> = (1..bytes.len()).filter(|place| bytes[place - 1] != bytes[*place]).collect();
        let is_whole = |place: &usize| [100, PAGE + 100].contains(place) || place.is_multiple_of(SECTOR);
        assert!(edges.iter().all(is_whole), "{edges:?}");
        seen.insert(edges);
    }
    // Wholly, not at all, one page of both, and torn in one place or another.
    for wanted in [&[100, PAGE + 100][..], &[], &[PAGE, PAGE + 100], &[100, PAGE], &[100, SECTOR]] {
        assert!(seen.contains(wanted), "{wanted:?} was never left");
    }
}

#[test]
fn who_gets_another_name_has_one_of_both_or_both() {
    let mut disk = disk([
        Deed::MakeFolder(at("in")),
        Deed::MakeFolder(at("out")),
        open("in/a"),
        write("in/a", 0, b"one"),
    ]);
    let first = [kept("in/a"), kept("in"), kept("")];
    first.iter().flatten().for_each(|deed| disk.see(deed));
    disk.see(&Deed::Move { from: at("in/a"), to: at("out/b") });
    let names = |left: &Left| (left.contains_key(&at("in/a")), left.contains_key(&at("out/b")));
    assert_eq!((names(&disk.now()), names(&told(&disk))), ((false, true), (true, false)));
    let found: std::collections::BTreeSet<_> = cuts(&disk).iter().map(names).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(false, true), (true, false), (true, true)]);
    kept("out").iter().for_each(|deed| disk.see(deed));
    assert_eq!(names(&told(&disk)), (true, true), "the other folder was not waited for");
    kept("in").iter().for_each(|deed| disk.see(deed));
    assert_eq!(names(&told(&disk)), (false, true));
    assert_eq!(told(&disk)[&at("out/b")].as_deref(), Some(&b"one"[..]));
}

#[test]
fn what_is_in_a_folder_that_was_lost_is_lost() {
    let mut disk = disk([Deed::MakeFolder(at("f")), open("f/a")]);
    kept("f/a").iter().chain(&kept("f")).for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk).len(), 1);
    kept("").iter().for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk).len(), 3);
    disk.see(&Deed::Remove(at("f/a")));
    assert_eq!((disk.now().len(), told(&disk).len()), (2, 3));
    kept("f").iter().for_each(|deed| disk.see(deed));
    assert_eq!(told(&disk).len(), 2);
}

#[test]
fn what_is_left_is_put_into_another_folder() {
    let disk = disk([Deed::MakeFolder(at("f")), open("f/a"), write("f/a", 2, b"one")]);
    let folder = tempfile::tempdir().unwrap();
    put_down(&disk.now(), Path::new("/data"), folder.path());
    assert_eq!(std::fs::read(folder.path().join("f/a")).unwrap(), b"\0\0one");
}

/// As strace writes it, but for the digits of texts and paths, which are put in here.
fn hexed(log: &str) -> String {
    let hex = |text: &str| text.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let parts = log.split('`').enumerate();
    parts.map(|(place, part)| if place % 2 == 1 { hex(part) } else { part.to_owned() }).collect()
}

#[test]
fn what_strace_has_noted_is_read() {
    let log = hexed(
        "7  1.000001 mkdir(\"`/data/f`\", 0700) = 0 <0.000004>\n\
         7  1.000010 mkdir(\"`/data/f`\", 0700) = -1 EEXIST (File exists) <0.000004>\n\
         7  1.000020 openat(AT_FDCWD<`/tmp`>, \"`/data/f/a`\", O_WRONLY|O_CREAT|O_EXCL, 0600) = 9<`/data/f/a`> <0.000001>\n\
         7  1.000030 openat(AT_FDCWD<`/tmp`>, \"`/data/f`\", O_RDONLY) = 10<`/data/f`> <0.000001>\n\
         7  1.000040 write(9<`/data/f/a`>, \"`hello`\", 5) = 3 <0.000001>\n\
         7  1.000050 write(4<`socket:[7]`>, \"`hello`\", 5) = 5 <0.000001>\n\
         7  1.000051 write(2<`/log`>, \"`serving /data`\", 13) = 13 <0.000001>\n\
         7  1.000060 fsync(9<`/data/f/a`> <unfinished ...>\n\
         1234  1.000070 pwrite64(9<`/data/f/a`>, \"`lo`\", 2, 3 <unfinished ...>\n\
         7  1.000080 <... fsync resumed>) = 0 <0.000020>\n\
         1234  1.000090 <... pwrite64 resumed>) = 2 <0.000020>\n\
         7  1.000100 fdatasync(10<`/data/f`>) = 0 <0.000050>\n\
         7  1.000160 ftruncate(9<`/data/f/a`>, 2) = 0 <0.000001>\n\
         7  1.000170 ftruncate(11<`/data/x.db-shm`>, 2) = 0 <0.000001>\n\
         7  1.000180 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 11<`/data/x.db-shm`>, 0) = 0x7efde4013000 <0.000001>\n\
         7  1.000190 linkat(AT_FDCWD<`/tmp`>, \"`/data/f/a`\", AT_FDCWD<`/tmp`>, \"`/data/b`\", 0) = 0 <0.000001>\n\
         7  1.000200 rename(\"`/data/b`\", \"`/data/c`\") = 0 <0.000001>\n\
         7  1.000210 unlink(\"`/data/c`\") = 0 <0.000001>\n\
         7  1.000220 fsync(9<`/data/f/a`> <unfinished ...>\n\
         7  1.000230 <... fsync resumed>) = ?\n",
    );
    let told = |at: i64, deed| Event { at: 1_000_000 + at, deed };
    let path = || at("f/a");
    let wanted = [
        told(5, Deed::MakeFolder(at("f"))),
        told(21, open("f/a")),
        told(41, Deed::Write { path: path(), at: None, bytes: b"hel".to_vec() }),
        told(60, Deed::Wait { path: path(), number: 1 }),
        told(80, Deed::Kept { path: path(), number: 1 }),
        told(90, write("f/a", 3, b"lo")),
        told(100, Deed::Wait { path: at("f"), number: 2 }),
        told(150, Deed::Kept { path: at("f"), number: 2 }),
        told(161, Deed::SetLength { path: path(), length: 2 }),
        told(191, Deed::Link { from: path(), to: at("b") }),
        told(201, Deed::Move { from: at("b"), to: at("c") }),
        told(211, Deed::Remove(at("c"))),
        told(220, Deed::Wait { path: path(), number: 3 }),
    ];
    assert_eq!(read_lines(&log, Path::new("/data")), wanted);
}

#[test]
#[should_panic(expected = "nobody reads what fallocate does")]
fn what_nobody_reads_ends_the_test() {
    read_lines(
        &hexed("7  1.000001 fallocate(9<`/data/a`>, 0, 0, 4096) = 0 <0.000004>\n"),
        Path::new("/data"),
    );
}
