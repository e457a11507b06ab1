//! Inputs about deliveries 交付: record, confirm, dispute, correct, withdraw, and accepting a pairing.

use super::CommandInput;
use crate::{
    reading::Reading,
    schema::{delivery::PersonClass, scalar::Date},
};
use async_graphql::{ID, InputObject};
use engine::{command::Command, delivery as domain};

/// Time that persons of one class gave 投入.
#[derive(Clone, Debug, InputObject)]
pub struct EffortInput {
    /// Of which class.
    pub class: PersonClass,
    /// How many persons.
    pub persons: i32,
    /// Minutes of all of them together.
    pub minutes: i32,
}

impl EffortInput {
    fn read(&self, reading: &mut Reading) -> Option<domain::Effort> {
        let persons = reading.count("efforts.persons", self.persons);
        let minutes = reading.count("efforts.minutes", self.minutes);
        Some(domain::Effort { class: self.class.into(), persons: persons?, minutes: minutes? })
    }
}

fn draft(
    reading: &mut Reading,
    quantity: i32,
    on: &Date,
    note: Option<&String>,
    efforts: Option<&[EffortInput]>,
) -> Option<domain::DeliveryDraft> {
    let quantity = reading.count("quantity", quantity);
    let on = reading.date("on", on);
    let efforts: Vec<_> = efforts.unwrap_or_default().iter().map(|it| it.read(reading)).collect();
    Some(domain::DeliveryDraft {
        quantity: quantity?,
        on: on?,
        note: note.cloned(),
        efforts: efforts.into_iter().collect::<Option<_>>()?,
    })
}

/// Say that a quantity was handed over 交付. For the giving side.
#[derive(Clone, Debug, InputObject)]
pub struct RecordDeliveryInput {
    /// For which pairing.
    pub pairing: ID,
    /// How much of what is asked, in base units of its measure.
    pub quantity: i32,
    /// On which day; today or before.
    pub on: Date,
    /// What was done, in words.
    pub note: Option<String>,
    /// Who lent a hand, each class once.
    pub efforts: Option<Vec<EffortInput>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RecordDeliveryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let pairing = reading.pairing("pairing", &self.pairing);
        let draft = draft(reading, self.quantity, &self.on, self.note.as_ref(), self.efforts.as_deref());
        Some(Command::RecordDelivery { pairing: pairing?, draft: draft? })
    }
}

/// Say that a delivery is as it says 确认. For the asking side.
#[derive(Clone, Debug, InputObject)]
pub struct ConfirmDeliveryInput {
    /// Which delivery.
    pub delivery: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ConfirmDeliveryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::ConfirmDelivery { delivery: reading.delivery("delivery", &self.delivery)? })
    }
}

/// Say that a delivery is not as it says 异议. For the asking side.
#[derive(Clone, Debug, InputObject)]
pub struct DisputeDeliveryInput {
    /// Which delivery.
    pub delivery: ID,
    /// What is wrong.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for DisputeDeliveryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let delivery = reading.delivery("delivery", &self.delivery)?;
        Some(Command::DisputeDelivery { delivery, reason: self.reason.clone() })
    }
}

/// Say otherwise of a delivery 更正; the receiver is asked again. For the giving side.
#[derive(Clone, Debug, InputObject)]
pub struct CorrectDeliveryInput {
    /// Which delivery.
    pub delivery: ID,
    /// How much of what is asked, in base units of its measure.
    pub quantity: i32,
    /// On which day; today or before.
    pub on: Date,
    /// What was done, in words.
    pub note: Option<String>,
    /// Who lent a hand, each class once.
    pub efforts: Option<Vec<EffortInput>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CorrectDeliveryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let delivery = reading.delivery("delivery", &self.delivery);
        let draft = draft(reading, self.quantity, &self.on, self.note.as_ref(), self.efforts.as_deref());
        Some(Command::CorrectDelivery { delivery: delivery?, draft: draft? })
    }
}

/// Take a delivery back 撤回. For the giving side.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawDeliveryInput {
    /// Which delivery.
    pub delivery: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawDeliveryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let delivery = reading.delivery("delivery", &self.delivery)?;
        Some(Command::WithdrawDelivery { delivery, reason: self.reason.clone() })
    }
}

/// Accept a pairing with what is delivered of it 验收: the rest is free again. For the asking side.
#[derive(Clone, Debug, InputObject)]
pub struct AcceptPairingInput {
    /// Which pairing.
    pub pairing: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AcceptPairingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::AcceptPairing { pairing: reading.pairing("pairing", &self.pairing)? })
    }
}
