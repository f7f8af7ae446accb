"""The merchant's rules in the Wagtail admin: coupons, shipping methods, tax rates."""
