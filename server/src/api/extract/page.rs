//! The parameters of plain lists.

use engine::value::Id;
use serde::Deserialize;
use wire::List;

use crate::service::Refusal;
use crate::service::flows::place::Place;
use crate::service::records::query::checked_limit;

/// Which part of a list: how many, and where it starts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

impl Page {
    /// The cursor of a list that goes by versions.
    pub fn version(&self) -> Result<Option<i64>, Refusal> {
        self.read()
    }

    /// The cursor of a list of the inbox.
    pub fn place(&self) -> Result<Option<Place>, Refusal> {
        self.read()
    }

    /// The cursor of a list that goes by ids.
    pub fn id(&self) -> Result<Option<Id>, Refusal> {
        self.read()
    }

    /// As many of a list that is at hand as a page has; `name` tells one from another.
    pub fn of<T>(&self, all: Vec<T>, name: impl Fn(&T) -> String) -> Result<List<T>, Refusal> {
        self.part(all, checked_limit(self.limit)?, name)
    }

    /// The whole of a short list, or as much of it as is asked for.
    pub fn within<T>(&self, all: Vec<T>, name: impl Fn(&T) -> String) -> Result<List<T>, Refusal> {
        let limit = self.limit.map_or(Ok(u32::MAX), |limit| checked_limit(Some(limit)))?;
        self.part(all, limit, name)
    }

    /// What comes after the one that the cursor names.
    fn part<T>(&self, mut all: Vec<T>, limit: u32, name: impl Fn(&T) -> String) -> Result<List<T>, Refusal> {
        if let Some(cursor) = &self.cursor {
            let last = all.iter().position(|one| name(one) == *cursor);
            let last = last.ok_or_else(|| Refusal::fault("cursor", "bad_cursor"))?;
            all.drain(..=last);
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if all.len() <= limit {
            return Ok(List::all(all));
        }
        all.truncate(limit);
        let next = all.last().map(name);
        Ok(List { items: all, next })
    }

    fn read<T: std::str::FromStr>(&self) -> Result<Option<T>, Refusal> {
        let cursor = self.cursor.as_deref().map(str::parse).transpose();
        cursor.map_err(|_| Refusal::fault("cursor", "bad_cursor"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(limit: Option<u32>, cursor: Option<&str>) -> Page {
        Page { limit, cursor: cursor.map(str::to_string) }
    }

    fn read(page: &Page, of: u32) -> Result<(Vec<u32>, Option<String>), String> {
        let list = page.within((1..=of).collect(), ToString::to_string);
        list.map(|list| (list.items, list.next)).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        assert_eq!(read(&page(None, None), 3), Ok((vec![1, 2, 3], None)));
        assert_eq!(read(&page(Some(2), None), 3), Ok((vec![1, 2], Some("2".into()))));
        assert_eq!(read(&page(Some(2), Some("2")), 3), Ok((vec![3], None)));
        assert_eq!(read(&page(Some(2), Some("2")), 4), Ok((vec![3, 4], None)));
        assert_eq!(read(&page(Some(2), Some("4")), 4), Ok((vec![], None)));
        let usual = page(None, None).of((1..=51).collect::<Vec<u32>>(), ToString::to_string).unwrap();
        assert_eq!((usual.items.len(), usual.next.as_deref()), (50, Some("50")));
    }

    #[test]
    fn a_page_that_is_none_is_refused() {
        let told = |page: Page| read(&page, 3).unwrap_err();
        assert!(told(page(Some(0), None)).contains("limit:too_small"));
        assert!(told(page(Some(501), None)).contains("limit:too_large"));
        assert!(told(page(None, Some("9"))).contains("cursor:bad_cursor"));
    }
}
