//! A record as somebody may see it.

use std::collections::BTreeSet;

use engine::access::FieldRight;
use engine::record::{Draft, Linked, values_to_json};
use engine::value::{Id, Timestamp, Values, format_timestamp};
use store::Reader;
use store::instance::{Instance, InstanceState, Task};
use store::record::{Record, System};

use super::Order;
use super::live::system_values;
use crate::service::Refusal;

impl Order {
    /// Records with what the caller may see of them. `only` names the fields that are wanted.
    pub async fn view_all(
        &self,
        db: &mut Reader,
        records: &[Record],
        only: Option<&[String]>,
    ) -> Result<Vec<wire::records::Record>, Refusal> {
        let shown = self.shown(db, records, only).await?;
        let mut views = Vec::with_capacity(records.len());
        for (record, values) in records.iter().zip(shown) {
            let fields = self.visible(record, &values, only);
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

    /// The fields that the caller may read on this record.
    fn visible(&self, record: &Record, values: &Values, only: Option<&[String]>) -> wire::records::Fields {
        let form = &self.compiled.form;
        let wanted = |path: &str| {
            let key = path.split_once('.').map_or(path, |(subform, _)| subform);
            match only {
                Some(only) => only.iter().any(|name| name == path || name == key),
                None => true,
            }
        };
        if self.access.is_unrestricted() {
            return values_to_json(form, values, &wanted);
        }
        let uniform = form.all_columns().all(|column| self.access.is_uniform(&column.path));
        if uniform {
            let open = |path: &str| wanted(path) && self.access.right(path) >= FieldRight::Read;
            return values_to_json(form, values, &open);
        }
        let readable = self.readable_on(record);
        values_to_json(form, values, &|path: &str| wanted(path) && readable.contains(path))
    }

    /// The fields and columns that groups let the caller read on this record.
    pub fn readable_on(&self, record: &Record) -> BTreeSet<String> {
        let form = &self.compiled.form;
        let draft = Draft::edit(
            form.clone(),
            self.context.clone(),
            Linked::default(),
            record.values.clone(),
            system_values(record),
        );
        let source = draft.source(None);
        // Their own draft is theirs, whatever rows it will lie in.
        let is_own_draft = record.system.is_draft() && record.system.created_by == Some(self.caller.id());
        let right = |path: &str| match is_own_draft {
            true => self.access.right(path),
            false => self.access.right_on(path, &source, &self.context),
        };
        let paths = form.all_columns().map(|column| column.path.clone());
        paths.filter(|path| right(path) >= FieldRight::Read).collect()
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
