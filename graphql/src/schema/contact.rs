//! Contacts 联系人 as a caller may see them: that there is one, and who it is only to whom it concerns.

use super::{
    connection::{PageRequest, connection},
    fault::{FaultCode, fault},
    identity::NodeId,
    need::Need,
    node::Node,
    organization::Organization,
    project::Project,
    resource::Resource,
    scalar::DateTime,
    scope::{Scope, Snapshot},
    words::{ErasureReason, Purpose},
};
use crate::contacts::Setback;
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use engine::{
    contact::{self as domain, Subject},
    history::Entity,
    identity::ContactId,
    permission::{Sight, may_read_contact},
};
use std::sync::Arc;
use storage::vault::{Reading, VaultError};

/// Whether a contact can be read, and why not 可见性.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ContactStanding {
    /// 可见: `person` says who it is.
    Readable,
    /// 无权查看: it is not the caller's to see; for its own organization, the coordinator, and the other party of an
    /// agreed pairing.
    NotYours,
    /// 已删除: it was erased, and nobody can say any more who it was.
    Erased,
    /// 未保存: this server does not have what it says: it was started without its vault, or the vault was not
    /// restored with the log, or is damaged here.
    Missing,
}

/// Who a contact is 联系人.
#[derive(Clone, SimpleObject)]
pub struct Person {
    /// What the person is called 姓名.
    pub name: String,
    /// The number 电话.
    pub phone: String,
    /// Whatever else helps, such as when to call 备注.
    pub note: String,
}

/// A contact, as it was at one position.
#[derive(Clone)]
pub struct Contact {
    at: Snapshot,
    it: domain::Contact,
}

impl Contact {
    /// The contact of this number.
    pub fn find(at: &Snapshot, id: ContactId) -> Option<Self> {
        at.contact(id).filter(|_| at.sees(Entity::Contact(id))).map(|it| Self { at: Arc::clone(at), it: *it })
    }

    /// A page of the contacts of one organization or entry, oldest first.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for the public.
    pub fn page_of(
        ctx: &Context<'_>,
        at: &Snapshot,
        of: Subject,
        page: Result<PageRequest>,
    ) -> Result<ContactConnection> {
        Scope::of(ctx)?.needs(Sight::Street)?;
        let seen = || at.contacts_of(of).filter(|_| at.sees(of));
        let wrap = |it: &domain::Contact| Self { at: Arc::clone(at), it: *it };
        Ok(ContactConnection::new(ctx, page?, seen, |it| it.id.number(), wrap))
    }

    /// What it says, as far as the caller may know.
    async fn read(&self, ctx: &Context<'_>) -> Result<(ContactStanding, Option<Person>)> {
        let scope = Scope::of(ctx)?;
        // The street of now, whatever is looked at: what was agreed once or is only supposed opens no door.
        let newest = scope.shared().ledger.state();
        let Some(now) = newest.contact(self.it.id) else {
            return Ok((ContactStanding::Missing, None));
        };
        if now.erased.is_some() {
            return Ok((ContactStanding::Erased, None));
        }
        if !may_read_contact(&newest, &scope.caller(), now) {
            return Ok((ContactStanding::NotYours, None));
        }
        let Some(contacts) = &scope.shared().contacts else {
            return Ok((ContactStanding::Missing, None));
        };
        match contacts.read(now.id).await {
            Ok(Reading::Kept(contact)) => {
                let (name, phone, note) = (contact.name.clone(), contact.phone.clone(), contact.note.clone());
                Ok((ContactStanding::Readable, Some(Person { name, phone, note })))
            }
            Ok(Reading::Erased { .. }) => Ok((ContactStanding::Erased, None)),
            Ok(Reading::Absent) => Ok((ContactStanding::Missing, None)),
            Err(Setback::Vault(VaultError::Damaged { contact })) => {
                tracing::error!(%contact, "a contact is damaged");
                Ok((ContactStanding::Missing, None))
            }
            Err(error) => {
                tracing::error!(%error, "a contact could not be read");
                Err(fault(FaultCode::Internal, "the contact could not be read"))
            }
        }
    }
}

connection!(Contact, ContactConnection, ContactEdge, "contacts 联系人, those that were erased among them");

/// Somebody to call about an organization or an entry 联系人. Who it is stands sealed beside the log.
#[Object]
impl Contact {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Contact(self.it.id).id()
    }

    /// What it is of: an organization or an entry.
    async fn of(&self) -> Option<Node> {
        match self.it.of {
            Subject::Organization(id) => Organization::find(&self.at, id).map(Node::Organization),
            Subject::Need(id) => Need::find(&self.at, id).map(Node::Need),
            Subject::Resource(id) => Resource::find(&self.at, id).map(Node::Resource),
            Subject::Project(id) => Project::find(&self.at, id).map(Node::Project),
        }
    }

    /// What for 用途.
    async fn purpose(&self) -> Purpose {
        self.it.purpose.into()
    }

    /// When it was given.
    async fn given_at(&self) -> DateTime {
        DateTime(self.it.given)
    }

    /// When it was erased 删除时间; null while it is kept.
    async fn erased_at(&self) -> Option<DateTime> {
        self.it.erased.map(|erasure| DateTime(erasure.at))
    }

    /// Why it was erased 删除原因; null while it is kept.
    async fn erasure_reason(&self) -> Option<ErasureReason> {
        self.it.erased.map(|erasure| erasure.reason.into())
    }

    /// Whether the caller can read it now, and why not, also when an older street is looked at.
    async fn standing(&self, ctx: &Context<'_>) -> Result<ContactStanding> {
        Ok(self.read(ctx).await?.0)
    }

    /// Who it is; null unless `standing` is `READABLE`.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<Person>> {
        self.read(ctx).await.map(|(_, person)| person).transpose()
    }
}
