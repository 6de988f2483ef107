-- Promotions: what is taken off the price of goods, in which circumstances, and how much has been.
create table promotions (
    id                    uuid primary key,
    code                  text not null constraint promotions_code_key unique,
    name                  text not null,
    currency              text not null,
    applies_to            jsonb not null,
    target                jsonb not null,
    benefit               jsonb not null,
    min_spend_minor       bigint check (min_spend_minor > 0),
    needs_coupon          boolean not null,
    is_exclusive          boolean not null,
    priority              integer not null,
    starts_at             timestamptz not null,
    ends_at               timestamptz,
    max_uses              bigint check (max_uses > 0),
    max_uses_per_customer integer check (max_uses_per_customer > 0),
    budget_minor          bigint check (budget_minor > 0),
    used_count            bigint not null default 0 check (used_count >= 0),
    spent_minor           bigint not null default 0 check (spent_minor >= 0),
    version               bigint not null default 1,
    created_by            uuid not null,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    check (ends_at > starts_at),
    constraint promotions_uses_check check (used_count <= max_uses),
    constraint promotions_budget_check check (spent_minor <= budget_minor)
);

-- The codes that customers show for a promotion.
create table coupons (
    id           uuid primary key,
    promotion_id uuid not null references promotions (id),
    code         text not null constraint coupons_code_key unique check (code = upper(code)),
    max_uses     bigint check (max_uses > 0),
    used_count   bigint not null default 0 check (used_count >= 0),
    disabled_at  timestamptz,
    version      bigint not null default 1,
    created_by   uuid not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint coupons_uses_check check (used_count <= max_uses)
);
create index coupons_promotion_id_idx on coupons (promotion_id, code);

-- The use that an order makes of a promotion that is counted. It is given back when the order is canceled. The
-- customer is a digest of their id or e-mail address.
create table promotion_redemptions (
    order_id     uuid not null,
    promotion_id uuid not null references promotions (id),
    coupon_id    uuid references coupons (id),
    customer     bytea,
    amount_minor bigint not null check (amount_minor >= 0),
    redeemed_at  timestamptz not null,
    released_at  timestamptz,
    primary key (order_id, promotion_id)
);
create index promotion_redemptions_promotion_id_idx on promotion_redemptions (promotion_id, redeemed_at desc, order_id);
create index promotion_redemptions_customer_idx on promotion_redemptions (promotion_id, customer)
    where released_at is null and customer is not null;
create index promotion_redemptions_coupon_id_idx on promotion_redemptions (coupon_id) where coupon_id is not null;

-- The amounts that count for each order and promotion, for the proof of the orders.
create function redeemed_amounts() returns table (order_id uuid, promotion_id uuid, amount_minor bigint, is_released boolean)
language sql stable as $$
    select order_id, promotion_id, amount_minor, released_at is not null from promotion_redemptions
$$;
