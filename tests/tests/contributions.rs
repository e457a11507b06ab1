//! Redeeming: no balance is ever negative, and the statement tells every line.

use engine::{
    command::Command,
    contribution::{Credit, Redemption},
    delivery::PersonClass,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{DeliveryId, OrganizationId},
    member::Role,
    period::Month,
    permission::Right,
    refusal::{Missing, Problem, Refusal},
};
use std::collections::BTreeMap;
use tests::street::Street;

/// Credits an organization as a confirmed delivery would.
fn credit(street: &mut Street, organization: OrganizationId, delivery: u64, points: u64, minutes: u64) {
    let minutes = BTreeMap::from([(PersonClass::Volunteers, minutes)]);
    let credit = Credit { points, quantity: 1, minutes };
    let event = Event::ContributionCredited { organization, delivery: DeliveryId::new(delivery), credit };
    let recorded = Recorded { position: street.state.position().next(), time: street.now };
    evolve_commit(&mut street.state, recorded, [&event]);
}

fn redeem(organization: OrganizationId, points: u64, minutes: u64, what: &str) -> Command {
    Command::RedeemContribution {
        organization,
        redemption: Redemption { points, minutes, what: what.to_owned() },
    }
}

#[test]
fn what_is_redeemed_was_earned_before() {
    let mut street = Street::opened();
    let office = street.office();
    let coordinator = street.member(office, Role::Coordinator);
    let unit = street.unit("清河食品公司");
    let liaison = street.member(unit, Role::UnitLiaison);
    let nobody = OrganizationId::new(99);
    let low = |field, wanted, left| Refusal::BalanceTooLow { field, organization: unit, wanted, left };

    assert_eq!(
        street.tell(coordinator, &redeem(unit, 1, 0, "理发券")),
        Err(low("points", 1, 0)),
        "nothing earned"
    );
    credit(&mut street, unit, 1, 30, 120);
    street.wait(24);
    credit(&mut street, unit, 2, 12, 0);
    for (caller, command, refusal) in [
        (liaison, redeem(unit, 1, 0, "理发券"), Refusal::NotAllowed { right: Right::Coordinate }),
        (coordinator, redeem(unit, 43, 0, "理发券"), low("points", 43, 42)),
        (coordinator, redeem(unit, 42, 121, "理发券"), low("minutes", 121, 120)),
        (coordinator, redeem(unit, u64::MAX, 0, "理发券"), low("points", u64::MAX, 42)),
        (
            coordinator,
            redeem(unit, 0, 0, "理发券"),
            Refusal::Invalid { field: "points", problem: Problem::Empty },
        ),
        (coordinator, redeem(unit, 1, 0, " "), Refusal::Invalid { field: "what", problem: Problem::Empty }),
        (
            coordinator,
            redeem(nobody, 1, 0, "理发券"),
            Refusal::NotFound { field: "organization", missing: Missing::Organization(nobody) },
        ),
    ] {
        assert_eq!(street.tell(caller, &command), Err(refusal), "{command:?}");
    }
    street.tell(coordinator, &redeem(unit, 40, 60, "理发券")).unwrap();
    assert_eq!(street.tell(coordinator, &redeem(unit, 3, 0, "理发券")), Err(low("points", 3, 2)));
    street.tell(coordinator, &redeem(unit, 2, 60, "助餐")).unwrap();
    let account = street.state.account(unit).unwrap();
    assert_eq!((account.points_left(), account.minutes_left(), account.deliveries), (0, 0, 2));

    let lines = street.state.figures().statement(unit);
    let told: Vec<_> = lines.map(|line| (line.number, line.points_left, line.minutes_left)).collect();
    assert_eq!(told, [(1, 30, 120), (2, 42, 120), (3, 2, 60), (4, 0, 0)]);
    let month = Month { year: 2026, month: 5 };
    let earned = &street.state.figures().earned(month, month)[&unit];
    assert_eq!((earned.points, earned.minutes, earned.deliveries), (42, 120, 2), "redeeming takes no rank");
}
