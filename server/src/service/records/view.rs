//! A record as somebody may see it.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::FieldRight;
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
    /// Records with what the caller may see of them. `only` names the fields that are wanted.
    pub async fn view_all(
        &self,
        db: &mut Reader,
        records: &[Record],
        only: Option<&[String]>,
    ) -> Result<Vec<wire::records::Record>, Refusal> {
        let shown = self.shown(db, records, only).await?;
        let uniform = self.compiled.form.all_columns().all(|column| self.access.is_uniform(&column.path));
        let rights = if uniform { Vec::new() } else { self.rights_on(db, records).await? };
        let mut views = Vec::with_capacity(records.len());
        for (place, (record, values)) in records.iter().zip(shown).enumerate() {
            let fields = self.visible(rights.get(place), &values, only);
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

    pub async fn view(&self, db: &mut Reader, record: &Record) -> Result<wire::records::Record, Refusal> {
        let mut views = self.view_all(db, std::slice::from_ref(record), None).await?;
        views.pop().ok_or_else(Refusal::missing)
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

    /// What groups let the caller do with the fields of each of these records. What their rows read through links is
    /// loaded for all records at once, whoever asks.
    pub async fn rights_on(&self, db: &mut Reader, records: &[Record]) -> Result<Vec<FieldRights>, Refusal> {
        let around = match self.access.is_unrestricted() {
            true => Around::default(),
            false => self.around(db, records, &[]).await?,
        };
        Ok(records.iter().map(|record| self.rights(record, &self.draft_of(record, &around))).collect())
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
        let readable = rights.into_iter().flatten().filter(|(_, right)| *right >= FieldRight::Read);
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
