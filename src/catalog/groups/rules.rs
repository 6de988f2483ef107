//! The tree of categories: how deep it may be, and that it has no circles.
use super::store::Group;
use crate::kernel::{Code, Error, GroupId, Result};

/// Categories from a kind of product down to the deepest, at most.
pub const MOST_LEVELS: usize = 6;

/// Checks that a category may stand below a chain of others, told from its parent upwards: the same kind of product, no
/// circle, not too deep with the levels that it brings along.
pub fn require_parent(category: Option<&Group>, above: &[Group], levels: usize) -> Result<()> {
    let refuse = |detail: String| Err(Error::at(Code::InvalidCategory, "/parent_id", detail));
    let Some(parent) = above.first() else { return Ok(()) };
    if let Some(category) = category {
        let is_below: Option<GroupId> = above.iter().map(|one| one.id).find(|id| *id == category.id);
        if is_below.is_some() {
            return refuse(format!(
                "{} stands below {} already: it cannot be above it, too",
                parent.name, category.name
            ));
        }
        if parent.root != category.root {
            return refuse(format!("{} belongs to another kind of product than {}", parent.name, category.name));
        }
    }
    if above.len() + levels > MOST_LEVELS {
        return refuse(format!("categories may be {MOST_LEVELS} levels deep"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::model::GroupKind, Group, MOST_LEVELS, require_parent};
    use crate::{catalog::classification::Category, kernel::GroupId};
    use chrono::{DateTime, Utc};

    fn category(root: Category) -> Group {
        Group {
            id: GroupId::new(),
            kind: GroupKind::Category,
            parent_id: None,
            root: Some(root),
            name: "A".into(),
            name_key: "a".into(),
            slug: "a".into(),
            description: None,
            position: 0,
            version: 1,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            updated_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_category_stands_neither_below_itself_nor_below_another_kind_nor_too_deep() {
        let (one, other) = (category(Category::Skincare), category(Category::Skincare));
        assert!(require_parent(Some(&one), &[], 1).is_ok());
        assert!(require_parent(Some(&one), std::slice::from_ref(&other), 1).is_ok());
        assert!(require_parent(Some(&one), &[other.clone(), one.clone()], 1).is_err());
        assert!(require_parent(Some(&one), std::slice::from_ref(&one), 1).is_err());
        assert!(require_parent(Some(&one), &[category(Category::Tools)], 1).is_err());
        let deep: Vec<_> = (0..MOST_LEVELS).map(|_| category(Category::Skincare)).collect();
        assert!(require_parent(None, &deep[1..], 1).is_ok());
        assert!(require_parent(None, &deep, 1).is_err());
        assert!(require_parent(None, &deep[1..], 2).is_err());
    }
}
