//! A record as somebody may see it.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::record::{Draft, values_to_json};
use engine::value::{Id, Timestamp, Values, format_timestamp};
use store::Reader;
use store::instance::{Instance, InstanceState, Task};
use store::record::{Record, System};

use super::Order;
use super::live::Around;
use crate::service::Refusal;

/// What groups let somebody do with the fields and columns of one record, by path.
pub type FieldRights = BTreeMap<String, FieldRight>;

impl Order {
    /// The records of a page with what the caller may see of them. `only` names the fields that are wanted.
    pub async fn view_all(
        &self,
        db: &mut Reader,
        records: &[Record],
        only: Option<&[String]>,
    ) -> Result<Vec<wire::records::Record>, Refusal> {
        if self.shows_alike() {
            return self.views(db, records, None, only).await;
        }
        // A page has but the fields that were asked for, and rows may look at any.
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let access = Access::system("rights on fields look at whole records");
        let whole = store::record::get_many(db, &access, self.table(), &ids, &self.context).await?;
        let whole: Vec<Record> = whole.into_values().collect();
        let rights = self.rights_on(db, &whole).await?;
        self.views(db, records, Some(rights), only).await
    }

    /// A whole record with what the caller may see of it.
    pub async fn view(&self, db: &mut Reader, record: &Record) -> Result<wire::records::Record, Refusal> {
        let records = std::slice::from_ref(record);
        let rights = if self.shows_alike() { None } else { Some(self.rights_on(db, records).await?) };
        let mut views = self.views(db, records, rights, None).await?;
        views.pop().ok_or_else(Refusal::missing)
    }

    /// Whether groups open the same fields on every record that the caller can see.
    fn shows_alike(&self) -> bool {
        self.compiled.form.all_columns().all(|column| self.access.is_uniform(&column.path))
    }

    /// Records with what these rights open of each, or where there are none the rights on all alike.
    async fn views(
        &self,
        db: &mut Reader,
        records: &[Record],
        rights: Option<BTreeMap<Id, FieldRights>>,
        only: Option<&[String]>,
    ) -> Result<Vec<wire::records::Record>, Refusal> {
        let shown = self.shown(db, records, only).await?;
        let closed = FieldRights::new();
        let mut views = Vec::with_capacity(records.len());
        for (record, values) in records.iter().zip(shown) {
            let own = rights.as_ref().map(|rights| rights.get(&record.id).unwrap_or(&closed));
            let fields = self.visible(own, &values, only);
            let flow = self.flow_of(db, record).await?;
            views.push(wire::records::Record {
                id: record.id,
                version: record.version,
                fields,
                row_counts: record.row_counts.clone(),
                system: system(&record.system, flow),
                instance: None,
            });
        }
        Ok(views)
    }

    /// A record with the fields that `visible` names, for those whose right comes from its flow.
    pub async fn view_where(
        &self,
        db: &mut Reader,
        record: &Record,
        visible: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<wire::records::Record, Refusal> {
        let shown = self.shown(db, std::slice::from_ref(record), None).await?;
        let values = shown.into_iter().next().unwrap_or_default();
        let flow = self.flow_of(db, record).await?;
        Ok(wire::records::Record {
            id: record.id,
            version: record.version,
            fields: values_to_json(&self.compiled.form, &values, visible),
            row_counts: record.row_counts.clone(),
            system: system(&record.system, flow),
            instance: None,
        })
    }

    /// The fields that the caller may read on a record: by the rights on it, or alike on all without.
    fn visible(
        &self,
        rights: Option<&FieldRights>,
        values: &Values,
        only: Option<&[String]>,
    ) -> wire::records::Fields {
        let wanted = |path: &str| {
            let key = path.split_once('.').map_or(path, |(subform, _)| subform);
            match only {
                Some(only) => only.iter().any(|name| name == path || name == key),
                None => true,
            }
        };
        let right = |path: &str| match rights {
            Some(rights) => rights.get(path).copied().unwrap_or_default(),
            None => self.access.right(path),
        };
        let open = |path: &str| wanted(path) && right(path) >= FieldRight::Read;
        values_to_json(&self.compiled.form, values, &open)
    }

    /// What groups let the caller do with the fields of each of these whole records, by record. What the groups' rows
    /// read through links is loaded for all records at once, whoever asks.
    pub async fn rights_on(
        &self,
        db: &mut Reader,
        records: &[Record],
    ) -> Result<BTreeMap<Id, FieldRights>, Refusal> {
        let around = match self.access.is_unrestricted() {
            true => Around::default(),
            false => self.around(db, records, &[]).await?,
        };
        let rights = |record: &Record| self.rights(record, &self.draft_of(record, &around));
        Ok(records.iter().map(|record| (record.id, rights(record))).collect())
    }

    /// What groups let the caller do with the fields of a record, of which `draft` knows what its rows read.
    fn rights(&self, record: &Record, draft: &Draft) -> FieldRights {
        let source = draft.source(None);
        // Their own draft is theirs, whatever rows it will lie in.
        let is_own_draft = record.system.is_draft() && record.system.created_by == Some(self.caller.id());
        let right = |path: &str| match is_own_draft {
            true => self.access.right(path),
            false => self.access.right_on(path, &source, &self.context),
        };
        let columns = self.compiled.form.all_columns();
        columns.map(|column| (column.path.clone(), right(&column.path))).collect()
    }

    /// The fields and columns that groups let the caller read on this record.
    pub async fn readable_on(&self, db: &mut Reader, record: &Record) -> Result<BTreeSet<String>, Refusal> {
        let rights = self.rights_on(db, std::slice::from_ref(record)).await?;
        let readable = rights.into_values().flatten().filter(|(_, right)| *right >= FieldRight::Read);
        Ok(readable.map(|(path, _)| path).collect())
    }

    /// Where a record is in its flow.
    async fn flow_of(
        &self,
        db: &mut Reader,
        record: &Record,
    ) -> Result<Option<wire::records::RecordFlow>, Refusal> {
        let Some(id) = record.system.instance else { return Ok(None) };
        let workspace = self.caller.workspace_id();
        let Some(instance) = Instance::find(db, workspace, id).await? else { return Ok(None) };
        let open = match instance.state {
            InstanceState::Running | InstanceState::Withdrawn => {
                Task::open_of_instance(db, workspace, id).await?
            }
            InstanceState::Approved | InstanceState::Rejected | InstanceState::Terminated => Vec::new(),
        };
        let mut steps: Vec<String> = Vec::new();
        let mut assignees: Vec<Id> = Vec::new();
        for task in open.iter().filter(|task| task.kind != store::instance::TaskKind::Cc) {
            if !steps.contains(&task.step) {
                steps.push(task.step.clone());
            }
            assignees.extend(task.assignee.filter(|member| !assignees.contains(member)));
        }
        let state = instance.state.key().to_string();
        Ok(Some(wire::records::RecordFlow { instance: id, state, steps, assignees }))
    }
}

fn system(system: &System, flow: Option<wire::records::RecordFlow>) -> wire::records::System {
    let instant = |at: Option<Timestamp>| at.map(format_timestamp);
    wire::records::System {
        created_at: format_timestamp(system.created_at),
        created_by: system.created_by,
        updated_at: format_timestamp(system.updated_at),
        updated_by: system.updated_by,
        owner: system.owner,
        department: system.department,
        collaborators: system.collaborators.clone(),
        flow_state: system.flow_state.clone(),
        voided_at: instant(system.voided_at),
        deleted_at: instant(system.deleted_at),
        flow,
    }
}
