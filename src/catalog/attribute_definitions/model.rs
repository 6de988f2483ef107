//! Attributes that are to be defined.
use super::values::AttributeKind;
use crate::{
    catalog::{attributes::Slug, classification::Category},
    kernel::{GroupId, Text},
};

/// An attribute to be defined.
#[derive(Debug, Clone)]
pub struct NewAttribute {
    pub code: Slug,
    pub kind: AttributeKind,
    pub category: Option<Category>,
    pub category_id: Option<GroupId>,
    pub told: Told,
}

/// All of an attribute that may change.
#[derive(Debug, Clone)]
pub struct Told {
    pub name: Text<100>,
    pub unit: Option<Text<20>>,
    pub options: Vec<Text<100>>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub is_required: bool,
}
