//! What a confirmed delivery is worth, by the street's rule table: the first line that fits counts.

use crate::{
    category::CategoryCode,
    contribution::{Credit, CreditRule},
    delivery::DeliveryDraft,
    entry::Form,
    pairing::{Pairing, Supplier, Target},
    quantity::{Measure, Quantity},
    state::State,
};
use std::collections::BTreeMap;

/// What a delivery for this pairing credits its giver with. Where no line fits it earns no points; its quantity and
/// time are written down all the same.
pub(super) fn credit(state: &State, pairing: &Pairing, draft: &DeliveryDraft) -> Credit {
    let given = given(state, pairing);
    let rule = state.rules().credit_rules().iter().find(|rule| given.fits(state, rule));
    let mut minutes = BTreeMap::new();
    for effort in &draft.efforts {
        *minutes.entry(effort.class).or_default() += u64::from(effort.minutes);
    }
    Credit { points: rule.map_or(0, |rule| points(rule, draft)), quantity: draft.quantity, minutes }
}

/// For the delivery as such, by the minute of all its efforts, and by the quantity; fractions are dropped line by line.
fn points(rule: &CreditRule, draft: &DeliveryDraft) -> u64 {
    let by_time = u64::from(rule.points_per_hour).saturating_mul(draft.minutes()) / 60;
    let by_quantity = u64::from(rule.points_per_hundred).saturating_mul(draft.quantity) / 100;
    u64::from(rule.points).saturating_add(by_time).saturating_add(by_quantity)
}

/// What kind of thing is given, and what it is about.
struct Given {
    form: Option<Form>,
    category: Option<CategoryCode>,
}

impl Given {
    fn fits(&self, state: &State, rule: &CreditRule) -> bool {
        let form = rule.form.is_none_or(|form| self.form == Some(form));
        form && rule.category.as_ref().is_none_or(|wanted| {
            self.category.as_ref().is_some_and(|own| {
                let parent = state.category(own).and_then(|category| category.parent.as_ref());
                own == wanted || parent == Some(wanted)
            })
        })
    }
}

/// As it was asked; what was not said there, as the resource says it; and what is counted in yuan is money.
fn given(state: &State, pairing: &Pairing) -> Given {
    let (form, category, quantity) = asked(state, pairing.terms.target);
    let offered = match pairing.terms.supplier {
        Supplier::Resource(resource) => state.resource(resource).map(|it| &it.draft.entry),
        Supplier::Unit(_) => None,
    };
    let in_yuan = quantity.is_some_and(|quantity| quantity.measure == Measure::Money);
    Given {
        form: form.or(in_yuan.then_some(Form::Money)).or_else(|| offered.and_then(|entry| entry.form)),
        category: category
            .or_else(|| offered.and_then(|entry| entry.category.as_ref().map(|it| it.code.clone()))),
    }
}

fn asked(state: &State, target: Target) -> (Option<Form>, Option<CategoryCode>, Option<&Quantity>) {
    match target {
        Target::Need(need) => state.need(need).map_or((None, None, None), |need| {
            let entry = &need.draft.entry;
            (entry.form, entry.category.as_ref().map(|it| it.code.clone()), entry.quantity.as_ref())
        }),
        Target::Slot(project, index) => state.project(project).map_or((None, None, None), |project| {
            let entry = &project.draft.entry;
            let slot = project.draft.slots.get(usize::from(index));
            let category = slot.and_then(|slot| slot.category.as_ref()).or(entry.category.as_ref());
            (
                slot.and_then(|slot| slot.form),
                category.map(|it| it.code.clone()),
                slot.and_then(|slot| slot.quantity.as_ref()),
            )
        }),
    }
}
