//! One need that several organizations serve, each in its role.

use super::{Gift, JointProject, Kind, Role, Undertaking, drafting::common, drafting::draft};
use crate::{
    matching::{
        explaining::{Explanations, Worth},
        fit,
        market::{Asker, Giver},
    },
    plan::Cause,
};
use std::collections::BTreeSet;

impl Explanations<'_> {
    pub(super) fn shared(&self, gifts: &[Gift]) -> Vec<JointProject> {
        let idle: Vec<u64> = self
            .planned
            .market
            .givers
            .iter()
            .map(|giver| giver.remaining.saturating_sub(self.planned_from(giver.supplier)))
            .collect();
        let of_one_need = gifts.chunk_by(|one, other| one.asker == other.asker);
        of_one_need.filter_map(|gifts| self.in_roles(gifts, &idle)).collect()
    }

    fn in_roles(&self, gifts: &[Gift], idle: &[u64]) -> Option<JointProject> {
        let (asker, _) = self.sides(gifts.first()?)?;
        let mut undertakings: Vec<Undertaking> =
            gifts.iter().filter_map(|gift| self.undertaking(gift)).collect();
        let mut roles: BTreeSet<Role> = undertakings.iter().map(|it| it.role).collect();
        let mut units: BTreeSet<_> = undertakings.iter().map(|it| it.organization).collect();
        let planned = undertakings.len();
        let number = gifts.first()?.asker;
        for (giver, idle) in idle.iter().enumerate().filter(|(_, idle)| **idle > 0) {
            let Some(offered) = self.giver(giver) else { continue };
            let role = Role::of(offered);
            if roles.contains(&role) || units.contains(&offered.organization) {
                continue;
            }
            let Some(undertaking) = self.beside(number, asker, giver, offered, *idle) else { continue };
            roles.insert(role);
            units.insert(offered.organization);
            undertakings.push(undertaking);
        }
        // Several givers of the same thing are no project unless the plan itself brings them together.
        if units.len() < 2 || (roles.len() < 2 && planned < 2) {
            return None;
        }
        let (target, title) = (asker.target, self.title(asker.target));
        let place = self.place_of(target);
        let draft = draft(self, &format!("共建:{title}"), asker.organization, place, &undertakings);
        let value = Worth(gifts.iter().map(|gift| gift.value).sum());
        Some(JointProject { kind: Kind::Shared { target }, value, bonus: Worth(0), undertakings, draft })
    }

    /// What a giver could add in its role, where only form or measure keep it from serving the need itself.
    fn beside(
        &self,
        number: usize,
        asker: &Asker,
        giver: usize,
        offered: &Giver,
        idle: u64,
    ) -> Option<Undertaking> {
        if asker.category.is_none() || offered.category.is_none() {
            return None;
        }
        match self.cause(number, giver) {
            Some(Cause::FormDiffers | Cause::MeasureDiffers) => {}
            _ => return None,
        }
        let role = Role::of(offered);
        // Money is good for anything; what else is given has to be about the same thing.
        if role != Role::Pays && !fit::are_about_the_same(asker, offered) {
            return None;
        }
        let quantity = match role {
            Role::Pays => asker.ceiling.filter(|ceiling| (1..=idle).contains(ceiling))?,
            Role::Supplies | Role::Builds | Role::Staffs | Role::Hosts | Role::Serves => 1,
        };
        Some(Undertaking {
            organization: offered.organization,
            role,
            supplier: offered.supplier,
            target: asker.target,
            quantity,
            draws: quantity,
            window: common(&asker.window, &offered.window)?,
        })
    }
}
