//! Inputs about contacts. What they say of a person is not shown by `Debug`.

use super::CommandInput;
use crate::{
    reading::Reading,
    schema::words::{ErasureReason, Purpose},
};
use async_graphql::{ID, InputObject};
use engine::command::Command;

/// Say who can be called about an organization or an entry 登记联系人.
#[derive(InputObject)]
pub struct GiveContactInput {
    /// The id of the organization, need, resource or project.
    pub of: ID,
    /// What for 用途.
    pub purpose: Purpose,
    /// What the person is called 姓名.
    pub name: String,
    /// The number 电话.
    pub phone: String,
    /// Whatever else helps, such as when to call 备注.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

/// Erase a contact 删除联系人.
#[derive(Clone, Debug, InputObject)]
pub struct EraseContactInput {
    /// Which.
    pub contact: ID,
    /// Why 原因.
    pub reason: ErasureReason,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for EraseContactInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let contact = reading.contact("contact", &self.contact)?;
        Some(Command::EraseContact { contact, reason: self.reason.into() })
    }
}
