//! The states that a refusal speaks of, in Chinese. In English they go by their codes, which are words.

use crate::history::Entity;

/// A state, or what is wanted of one, of such an entity.
pub(super) fn chinese_state(of: &Entity, state: &'static str) -> &'static str {
    use Entity as E;
    // What is called the same in English is not always called the same in Chinese.
    match (of, state) {
        (E::Resource(_), "OPEN") => "可用",
        (E::Pairing(_), "PROPOSED") => "待认领",
        (E::Pairing(_), "AGREED") => "双向认领",
        (E::Meeting(_), "CLOSED") => "已结束",
        (E::Bid(_), "DECLINED") => "未选",
        (E::Project(_), "SETTLED") => "已实施",
        (_, "POSTED") => "待核实",
        (_, "OPEN") => "待对接",
        (_, "PARTLY_AGREED") => "部分达成",
        (_, "PROPOSED") => "拟议",
        (_, "UNDER_DISCUSSION") => "商议中",
        (_, "CLAIMED") => "单方认领",
        (_, "AGREED") => "已达成",
        (_, "SIGNED") => "已签约",
        (_, "RUNNING") => "实施中",
        (_, "SUSPENDED") => "暂停",
        (_, "PARTLY_MET") => "部分满足",
        (_, "MET") => "已满足",
        (_, "DELIVERED") => "已交付",
        (_, "ACCEPTED") => "已验收",
        (_, "APPRAISED") => "已评议",
        (_, "CLOSED") => "已办结",
        (_, "EXHAUSTED") => "已用完",
        (_, "PAUSED") => "暂停提供",
        (_, "SETTLED") => "已有着落",
        (_, "REJECTED") => "不予受理",
        (_, "MERGED") => "已合并",
        (_, "DECLINED") => "已谢绝",
        (_, "LAPSED") => "已过期",
        (_, "SUPERSEDED") => "已被取代",
        (_, "FAILED") => "已终止",
        (_, "EXPIRED") => "已过期",
        (_, "WITHDRAWN") => "已撤回",
        (_, "WAITING") => "待选",
        (_, "CHOSEN") => "已选定",
        (_, "CALLED") => "已召集",
        (_, "CANCELLED") => "已取消",
        (_, "DECIDED_IN_PART") => "已有部分议题作出决定",
        (_, "DRAFTED") => "已起草",
        (_, "IN_FORCE") => "已生效",
        (_, "PROJECT") => "项目",
        (_, "OF_A_NEED") => "需求的对接",
        (_, "OF_A_PROJECT") => "项目需求项的对接",
        (_, "ORDINARY") => "普通需求",
        (_, "LIGHT") => "微心愿",
        (_, "a PAIRING") => "对接",
        (_, "not met") => "尚未满足",
        (_, "not settled") => "尚无着落",
        (_, "not ended") => "尚未了结",
        (_, "not started") => "尚未实施",
        (_, "not accepted") => "尚未验收",
        (_, "not in force") => "尚未生效",
        (_, "not in force, or not begun") => "尚未生效,或尚未开始履行",
        (_, "open and not signed yet") => "未了结且尚未签约",
        (_, "PROPOSED or CLAIMED") => "待认领或单方认领",
        (_, "AGREED, or CLAIMED by this side") => "双向认领,或由本方认领",
        (_, "AGREED, SIGNED or under way") => "已达成、已签约或实施中",
        (_, "RUNNING or DELIVERED") => "实施中或已交付",
        (_, "DELIVERED in part" | "DELIVERED, in part at least") => "至少已部分交付",
        (_, "CALLED with nothing decided yet") => "已召集且尚未作出任何决定",
        _ => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::{NeedId, PairingId, ProjectId},
        refusal::{Missing, Refusal, wording::Language},
    };

    #[test]
    fn a_state_is_told_in_the_language_of_the_message() {
        let of = Entity::Project(ProjectId::new(3));
        for (wanted, told) in [
            ("RUNNING", "实施中"),
            ("AGREED, SIGNED or under way", "已达成、已签约或实施中"),
            ("not ended", "尚未了结"),
        ] {
            assert_eq!(chinese_state(&of, wanted), told);
            let refusal = Refusal::NotInState { entity: of.clone(), wanted, is: "FAILED" };
            let message = refusal.message(Language::Chinese);
            assert_eq!(message, format!("project-3 当前状态为「已终止」,此操作需要「{told}」"));
            assert_eq!(
                refusal.message(Language::English),
                format!("project-3 is FAILED; this needs it to be {wanted}")
            );
        }
        assert_eq!(chinese_state(&Entity::Pairing(PairingId::new(1)), "AGREED"), "双向认领");
    }

    #[test]
    fn of_what_is_missing_no_number_is_told() {
        let missing = Missing::Need(NeedId::new(62));
        let refusal = Refusal::NotFound { field: "need", missing };
        assert_eq!(refusal.message(Language::English), "need: there is no such need");
        assert_eq!(refusal.message(Language::Chinese), "need:没有这项需求");
    }
}
