//! Departments by the names that a file has for them.

use std::collections::BTreeMap;

use engine::text::Fault;
use engine::value::Id;
use store::ids;

use crate::service::people::Directory;

/// Departments deep at most.
const DEEPEST: usize = 20;

/// A department that is missing and is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    pub id: Id,
    pub parent: Option<Id>,
    pub name: String,
    /// The names from the top.
    pub path: String,
}

/// The tree of departments, with those that are to be made.
pub struct Tree {
    by_place: BTreeMap<(Option<Id>, String), Id>,
    by_name: BTreeMap<String, Vec<Id>>,
    makes: bool,
    pub new: Vec<New>,
}

impl Tree {
    pub fn new(people: &Directory, makes: bool) -> Tree {
        let mut tree = Tree { by_place: BTreeMap::new(), by_name: BTreeMap::new(), makes, new: Vec::new() };
        for department in people.departments.values() {
            tree.add(department.id, department.parent, &department.name);
        }
        tree
    }

    /// Whether a missing department is made where one is named.
    pub fn makes(&self) -> bool {
        self.makes
    }

    fn add(&mut self, id: Id, parent: Option<Id>, name: &str) {
        self.by_place.entry((parent, name.to_string())).or_insert(id);
        self.by_name.entry(name.to_string()).or_default().push(id);
    }

    /// The department that a text names: by its name alone where only one has it, or by the names from the top.
    ///
    /// # Errors
    /// `no_such_department` where it is missing and none are made; `several_departments` where the name says too little.
    pub fn find(&mut self, text: &str) -> Result<Id, Fault> {
        let names: Vec<&str> = text.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
        let fault = |code: &'static str| Fault::new("departments", code).arg("name", text);
        if names.is_empty() || names.len() > DEEPEST {
            return Err(fault("no_such_department"));
        }
        if let [name] = names.as_slice()
            && !self.by_place.contains_key(&(None, (*name).to_string()))
        {
            match self.by_name.get(*name).map(Vec::as_slice) {
                Some([only]) => return Ok(*only),
                Some([_, _, ..]) => return Err(fault("several_departments")),
                Some([]) | None => {}
            }
        }
        let is_there = |tree: &Tree| {
            let mut parent = None;
            names.iter().all(|name| {
                let found = tree.by_place.get(&(parent, (*name).to_string())).copied();
                parent = found;
                found.is_some()
            })
        };
        if !self.makes && !is_there(self) {
            return Err(fault("no_such_department"));
        }
        let (mut at, mut path) = (None, String::new());
        for name in names {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(name);
            at = Some(self.below(at, name, &path));
        }
        at.ok_or_else(|| fault("no_such_department"))
    }

    /// The part of a department with this name, made where it is missing.
    fn below(&mut self, parent: Option<Id>, name: &str, path: &str) -> Id {
        if let Some(known) = self.by_place.get(&(parent, name.to_string())) {
            return *known;
        }
        let id = ids::next();
        self.add(id, parent, name);
        self.new.push(New { id, parent, name: name.to_string(), path: path.to_string() });
        id
    }
}
