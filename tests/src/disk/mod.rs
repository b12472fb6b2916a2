//! A disk whose power is cut: what a program has done to a folder, of which the disk keeps what it was told to keep, and by luck
//! some of the rest.
//!
//! It is as strict as POSIX lets a disk be, which is stricter than the file systems that people have. Waiting for a file keeps its
//! bytes and its length, but not its name: on ext4 the name of a new file goes with it, elsewhere it need not. A name is kept, or
//! gone, once its folder was waited for. What nobody waited for has been written or not, in any order, page by page; a page may
//! be torn between two sectors. A file that gets another name has one of both after the cut, or both; never none.

pub mod strace;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::dice::Dice;

/// What a system writes at once.
const PAGE: usize = 4096;
/// What a disk writes wholly or not at all.
const SECTOR: usize = 512;

/// What a program does to a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    MakeFolder(PathBuf),
    /// Opened so that it is made where it is not there.
    Open {
        path: PathBuf,
        is_emptied: bool,
    },
    /// At a place, or behind what there is.
    Write {
        path: PathBuf,
        at: Option<usize>,
        bytes: Vec<u8>,
    },
    SetLength {
        path: PathBuf,
        length: usize,
    },
    /// One more name.
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    /// Another name.
    Move {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    /// It begins to wait for the disk, under a number.
    Wait {
        path: PathBuf,
        number: usize,
    },
    /// The disk has kept what there was when the wait began.
    Kept {
        path: PathBuf,
        number: usize,
    },
}

/// What there is in a folder, by its paths: bytes of files, and none of folders.
pub type Left = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// How much a disk has written by itself when its power is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    Nothing,
    Some,
    Everything,
}

/// The disk under one folder, which was empty at the beginning.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    /// What programs see: the node of each path.
    names: BTreeMap<PathBuf, usize>,
    kept_names: BTreeMap<PathBuf, usize>,
    /// Changes of names that the disk need not have kept, with the moment of each.
    open_names: Vec<(usize, Naming)>,
    /// The node that is waited for, and since when.
    waits: BTreeMap<usize, (usize, usize)>,
    /// Counts the deeds.
    moment: usize,
}

#[derive(Debug)]
enum Node {
    Folder,
    File(Content),
}

#[derive(Debug, Default)]
struct Content {
    now: Vec<u8>,
    kept: Vec<u8>,
    /// Changes that the disk need not have kept, with the moment of each.
    open: Vec<(usize, Change)>,
}

#[derive(Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    SetLength(usize),
}

#[derive(Clone, Debug)]
enum Naming {
    Given(PathBuf, usize),
    Taken(PathBuf),
    Moved { from: PathBuf, to: PathBuf, node: usize },
}

impl Disk {
    pub fn new(root: &Path) -> Self {
        let names = BTreeMap::from([(root.to_path_buf(), 0)]);
        Self {
            root: root.to_path_buf(),
            nodes: vec![Node::Folder],
            kept_names: names.clone(),
            names,
            open_names: Vec::new(),
            waits: BTreeMap::new(),
            moment: 0,
        }
    }

    /// The program does something.
    pub fn see(&mut self, deed: &Deed) {
        self.moment += 1;
        match deed {
            Deed::MakeFolder(path) => self.make(path, Node::Folder),
            Deed::Open { path, is_emptied } => {
                if !self.names.contains_key(path) {
                    self.make(path, Node::File(Content::default()));
                } else if *is_emptied {
                    self.change(path, |_| Change::SetLength(0));
                }
            }
            Deed::Write { path, at, bytes } => {
                self.change(path, |end| Change::Write { at: at.unwrap_or(end), bytes: bytes.clone() });
            }
            Deed::SetLength { path, length } => self.change(path, |_| Change::SetLength(*length)),
            Deed::Link { from, to } => self.name(Naming::Given(to.clone(), self.node(from))),
            Deed::Move { from, to } => {
                let node = self.node(from);
                assert!(matches!(self.nodes[node], Node::File(_)), "{} is a folder", from.display());
                self.name(Naming::Moved { from: from.clone(), to: to.clone(), node });
            }
            Deed::Remove(path) => {
                self.node(path);
                self.name(Naming::Taken(path.clone()));
            }
            Deed::Wait { path, number } => {
                self.waits.insert(*number, (self.node(path), self.moment));
            }
            Deed::Kept { path, number } => {
                let (node, since) = self.waits.remove(number).expect("what has ended has begun");
                match &mut self.nodes[node] {
                    Node::File(content) => content.keep(since),
                    Node::Folder => self.keep_names(path, since),
                }
            }
        }
    }

    /// What programs see.
    pub fn now(&self) -> Left {
        self.left(&self.names, |content| content.now.clone())
    }

    /// What is there after the power was cut now.
    pub fn after_cut(&self, luck: Luck, dice: &mut Dice) -> Left {
        if luck == Luck::Everything {
            return self.now();
        }
        let mut names = self.kept_names.clone();
        if luck == Luck::Some {
            self.open_names.iter().for_each(|(_, naming)| naming.by_luck(&mut names, dice));
        }
        self.left(&names, |content| {
            let mut bytes = content.kept.clone();
            if luck == Luck::Some {
                content.open.iter().for_each(|(_, change)| change.by_luck(&mut bytes, dice));
            }
            bytes
        })
    }

    fn left(&self, names: &BTreeMap<PathBuf, usize>, mut bytes: impl FnMut(&Content) -> Vec<u8>) -> Left {
        let (mut left, mut read) = (Left::new(), BTreeMap::new());
        // Folders come before what is in them. What is in one that was lost is lost, too.
        for (path, node) in names {
            if *path != self.root && !path.parent().is_some_and(|folder| left.contains_key(folder)) {
                continue;
            }
            let found = match &self.nodes[*node] {
                Node::Folder => None,
                // One file under two names is the same under both.
                Node::File(content) => Some(read.entry(*node).or_insert_with(|| bytes(content)).clone()),
            };
            left.insert(path.clone(), found);
        }
        left
    }

    fn node(&self, path: &Path) -> usize {
        *self.names.get(path).unwrap_or_else(|| panic!("{} is not there", path.display()))
    }

    fn make(&mut self, path: &Path, node: Node) {
        self.nodes.push(node);
        self.name(Naming::Given(path.to_path_buf(), self.nodes.len() - 1));
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.open_names.push((self.moment, naming));
    }

    fn change(&mut self, path: &Path, change: impl FnOnce(usize) -> Change) {
        let node = self.node(path);
        let Node::File(content) = &mut self.nodes[node] else { panic!("{} is a folder", path.display()) };
        let change = change(content.now.len());
        change.apply(&mut content.now);
        content.open.push((self.moment, change));
    }

    /// What was given or taken in the folder before that moment is kept.
    fn keep_names(&mut self, folder: &Path, before: usize) {
        let is_in = |path: &Path| path.parent() == Some(folder);
        for (moment, naming) in std::mem::take(&mut self.open_names) {
            match &naming {
                Naming::Given(path, _) | Naming::Taken(path) if moment < before && is_in(path) => {
                    naming.apply(&mut self.kept_names);
                }
                // The old name never goes before the new one is there.
                Naming::Moved { from, .. } if moment < before && is_in(from) => {
                    naming.apply(&mut self.kept_names);
                }
                Naming::Moved { from, to, node } if moment < before && is_in(to) => {
                    self.kept_names.insert(to.clone(), *node);
                    self.open_names.push((moment, Naming::Taken(from.clone())));
                }
                _ => self.open_names.push((moment, naming)),
            }
        }
    }
}

impl Content {
    fn keep(&mut self, before: usize) {
        let later = self.open.partition_point(|(moment, _)| *moment < before);
        for (_, change) in self.open.drain(..later) {
            change.apply(&mut self.kept);
        }
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => put(file, *at, bytes),
            Self::SetLength(length) => file.resize(*length, 0),
        }
    }

    fn by_luck(&self, file: &mut Vec<u8>, dice: &mut Dice) {
        let Self::Write { at, bytes } = self else {
            if dice.roll(2) == 0 {
                self.apply(file);
            }
            return;
        };
        let (mut begin, end) = (*at, at + bytes.len());
        while begin < end {
            let page = begin / PAGE * PAGE;
            let stop = end.min(page + PAGE);
            let tear = (page + SECTOR * (1 + dice.roll(PAGE / SECTOR - 1))).clamp(begin, stop);
            let (from, to) = match dice.roll(4) {
                0 => (begin, stop),
                1 => (begin, begin),
                2 => (begin, tear),
                _ => (tear, stop),
            };
            if from < to {
                put(file, from, &bytes[from - at..to - at]);
            }
            begin = stop;
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Given(path, node) => {
                names.insert(path.clone(), *node);
            }
            Self::Taken(path) => {
                names.remove(path);
            }
            Self::Moved { from, to, node } => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
        }
    }

    fn by_luck(&self, names: &mut BTreeMap<PathBuf, usize>, dice: &mut Dice) {
        match (self, dice.roll(3)) {
            (_, 0) => {}
            (Self::Moved { to, node, .. }, 1) => {
                names.insert(to.clone(), *node);
            }
            _ => self.apply(names),
        }
    }
}

/// Puts what is left of a folder, `root`, into another one that is there.
pub fn put_down(left: &Left, root: &Path, folder: &Path) {
    for (path, bytes) in left {
        let place = folder.join(path.strip_prefix(root).expect("it is in the folder"));
        match bytes {
            Some(bytes) => fs::write(place, bytes).unwrap(),
            None => fs::create_dir_all(place).unwrap(),
        }
    }
}
