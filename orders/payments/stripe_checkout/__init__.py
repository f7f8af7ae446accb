"""Cards and wallets by Stripe Checkout: the shopper pays on a page of Stripe's."""
